"""The word-count job in Python: what job.sh does, to show the protocol of process jobs in another language.

The input is JSON on standard input, the result JSON on standard output. Standard error has progress lines and log lines.
Exit status 65 fails the job for good, any other but 0 fails the attempt. Files left in the folder JOB_FILES are stored
with the job. To run this one instead, set `command: ["python3", "job.py"]` in job-type.ts.
"""

import collections
import json
import os
import re
import sys

EX_DATAERR = 65
PUNCTUATION = re.compile(rb"\xe2\x80[\x80-\xbf]|\xc2[\xa0-\xbf]|\xe3\x80[\x80-\x82]")
SEPARATORS = re.compile(rb"[^a-z0-9'\x80-\xff]+")


def progress(fraction: float, message: str) -> None:
    print(f"progress {fraction} {message}", file=sys.stderr, flush=True)


def words_of(text: bytes) -> list[bytes]:
    plain = PUNCTUATION.sub(b" ", text.lower().replace(b"\xe2\x80\x99", b"'"))
    return [word for word in (run.strip(b"'") for run in SEPARATORS.split(plain)) if word]


def main() -> int:
    progress(0.1, "decoding the text")
    try:
        job_input = json.load(sys.stdin.buffer)
        characters, top = job_input["text"], int(job_input["top"])
        # JSON may hold half of a surrogate pair, which is not a character.
        text = re.sub("[\ud800-\udfff]", "\ufffd", characters).encode()
    except (ValueError, KeyError, TypeError) as error:
        print(f"the input is not what the job type states: {error}", file=sys.stderr)
        return EX_DATAERR

    progress(0.4, "counting words")
    words = words_of(text)
    counts = collections.Counter(words)

    progress(0.8, "sorting the words")
    by_frequency = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
    with open(os.path.join(os.environ["JOB_FILES"], "words.csv"), "wb") as csv:
        csv.write(b"word,count\n")
        csv.writelines(b"%s,%d\n" % entry for entry in by_frequency)

    result = {
        "lines": text.count(b"\n") + (text[-1:] not in (b"", b"\n")),
        "words": len(words),
        "characters": len(text.decode()),
        "top": [{"word": word.decode(), "count": count} for word, count in by_frequency[:top]],
    }
    sys.stdout.buffer.write(json.dumps(result, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
