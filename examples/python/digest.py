"""Adds a job with a file, and waits for it; renders its result as a PDF, and downloads that; retries a job; lists what it did.

    python3 digest.py https://abc123.execute-api.eu-central-1.amazonaws.com eu-central-1 large.bin digest.pdf
    python3 digest.py http://localhost:3000 - large.bin digest.pdf       # a platform on this machine

The second argument is the region for which requests are signed, with the credentials that botocore finds, or ``-``.
"""

import sys
import uuid

from jobs_client import Jobs


def main(url: str, region: str, source: str, target: str) -> None:
    jobs = Jobs(url, region=None if region == "-" else region)
    tags = {"run": uuid.uuid4().hex}

    upload = jobs.upload("canary", "data", source)
    digest = jobs.wait(jobs.add("canary", {"op": "digest"}, files={"data": upload}, tags=tags))
    print(digest["status"], jobs.result(digest)["sha256"])

    markdown = f"`{source}` has the SHA-256 `{jobs.result(digest)['sha256']}`."
    report = jobs.wait(jobs.add("document", {"title": "Digest", "markdown": markdown}, tags=tags))
    (pdf,) = jobs.files(report)
    jobs.download(pdf, target)
    print(report["status"], pdf["name"], pdf["bytes"])

    again = jobs.wait(jobs.retry(digest))
    print(again["status"], again["retryOf"] == digest["id"])

    for job in jobs.list(tag=[f"run:{tags['run']}"], status=["SUCCEEDED"]):
        print(job["type"], job["status"])


if __name__ == "__main__":
    main(*sys.argv[1:])
