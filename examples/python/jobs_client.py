"""A client of the jobs API. It needs Python 3.10 and its standard library, and botocore where requests are signed.

    jobs = Jobs("https://abc123.execute-api.eu-central-1.amazonaws.com", region="eu-central-1")
    job = jobs.wait(jobs.add("canary", {"op": "echo", "value": 1}))
    print(job["status"], jobs.result(job))

Copy it, and make it yours. Jobs are dictionaries, as the API answers them.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import shutil
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from datetime import datetime
from typing import Any, Callable, Iterator, Mapping, Sequence

Job = dict[str, Any]
Batch = dict[str, Any]

ENDED = {"SUCCEEDED", "FAILED", "CANCELLED"}
#: The longest that one request waits for a job, in seconds.
MAX_WAIT_SECONDS = 25
#: Seconds without a byte after which a request is given up; an answer of the API takes 30 at most.
TIMEOUT_SECONDS = 35
#: Tries of one call, and the pauses between them: random, up to a bound that doubles, in seconds.
TRIES, BASE_SECONDS, MAX_SECONDS = 5, 0.2, 20.0
#: A server that asks for a longer pause than this is left alone.
MAX_RETRY_AFTER_SECONDS = 60
#: Of the errors of one answer, those that the message tells.
TOLD_ERRORS = 3
#: S3's conflict of two writes, and whatever is overloaded or broken for a moment.
RETRIED = {409, 429, 500, 502, 503, 504}


class JobsApiError(Exception):
    """An answer that is an error: ``code`` is stable, ``errors`` say what is wrong with a request, part by part."""

    def __init__(self, message: str, code: str, status: int | None = None, errors: Sequence[Mapping[str, str]] = ()):
        super().__init__(message)
        self.code, self.status, self.errors = code, status, list(errors)


class Jobs:
    """The calls of the API. ``job`` is a job or its ID, ``batch`` likewise. All may be repeated without harm, and are. Times are texts as in
    RFC 3339, or datetimes with a time zone.

    :param token: a bearer token, or a function that gives one: it is asked at every request.
    :param region: signs requests for this region instead, with the credentials that botocore finds.
    """

    def __init__(self, url: str, token: str | Callable[[], str] | None = None, region: str | None = None):
        self._url = url.rstrip("/")
        self._token = token
        self._region = region
        self._session: Any = None

    def add(
        self, type: str, input: Any, *, idempotency_key: str | None = None, traceparent: str | None = None, **options: Any
    ) -> Job:
        """Adds a job: it is stored, and will run.

        :param idempotency_key: names the request, so that it adds one job however often it is made.
        :param traceparent: the place of the call in a trace (W3C Trace Context), which the job and its events then have.
        :param options: ``files``, ``tags``, ``groupId``, ``delaySeconds``, ``runAt``, as the API calls them.
        """
        headers = {"idempotency-key": idempotency_key or uuid.uuid4().hex, **_trace_header(traceparent)}
        return self._call("POST", "/jobs", body={"type": type, "input": input, **options}, headers=headers)

    def add_batch(
        self,
        type: str,
        items: Sequence[Mapping[str, Any]],
        *,
        idempotency_key: str | None = None,
        traceparent: str | None = None,
        **options: Any,
    ) -> Batch:
        """Adds up to 300 jobs of one type, all or none.

        :param items: each with ``input``, and ``files``, ``tags``, ``groupId`` as it likes.
        :param idempotency_key: under one of your own, a call that you did not live to see the end of goes on where it stopped.
        :param traceparent: the place of the call in a trace, which the jobs and their events then have.
        :param options: ``onComplete``, ``tags``, as the API calls them.
        """
        headers = {"idempotency-key": idempotency_key or uuid.uuid4().hex, **_trace_header(traceparent)}
        return self._call("POST", "/batches", body={"type": type, "items": items, **options}, headers=headers)

    def get_batch(self, batch: Batch | str) -> Batch:
        """Reads a batch."""
        return self._call("GET", _path(batch, "batches"))

    def batch_jobs(self, batch: Batch | str, **filters: Any) -> Iterator[Job]:
        """The jobs of a batch in the order of its items. :param filters: ``status``, one or a list."""
        return self._pages(f"{_path(batch, 'batches')}/jobs", filters)

    def wait_for_batch(self, batch: Batch | str) -> Batch:
        """Waits until all jobs of a batch have ended, however they ended."""
        while True:
            read = self.get_batch(batch)
            if read["status"] == "COMPLETE":
                return read
            pending = list(self.batch_jobs(batch, status=["QUEUED", "RUNNING"]))
            # The batch is told of an end a moment after it can be read.
            self.get(pending[-1], MAX_WAIT_SECONDS) if pending else time.sleep(1)

    def cancel_batch(self, batch: Batch | str) -> Batch:
        """Cancels the jobs of a batch that have not ended. Those that run are asked to stop, and may take a while."""
        return self._call("POST", f"{_path(batch, 'batches')}/cancel")

    def get(self, job: Job | str, wait_seconds: int | None = None) -> Job:
        """Reads a job, with links to what it has in S3. They live for an hour."""
        return self._call("GET", _path(job), {"waitSeconds": wait_seconds})

    def wait(self, job: Job | str) -> Job:
        """Waits until a job has ended, however it ended: see its ``status`` and ``error``."""
        while True:
            read = self.get(job, MAX_WAIT_SECONDS)
            if read["status"] in ENDED:
                return read

    def list(self, **filters: Any) -> Iterator[Job]:
        """Jobs, newest first, page after page.

        :param filters: ``type``, ``status``, ``tag`` (``key:value``), ``createdAfter``, ``createdBefore``; lists where several are meant.
        """
        return self._pages("/jobs", filters)

    def cancel(self, job: Job | str) -> Job:
        """Cancels a job. One that runs is asked to stop, and may take a while."""
        return self._call("POST", f"{_path(job)}/cancel")

    def retry(self, job: Job | str, *, traceparent: str | None = None) -> Job:
        """Adds a job that does an ended one again, at once. Repeated, it is the same new job."""
        return self._call("POST", f"{_path(job)}/retry", headers=_trace_header(traceparent))

    def why(self, job: Job | str) -> dict[str, Any]:
        """Why a job is where it is: `code`, `summary`, `nextStep`, and the `facts` that show it."""
        return self._call("GET", f"{_path(job)}/why")

    def status(self, type: str, hours: int | None = None) -> dict[str, Any]:
        """How the jobs of a type fare now: what waits and runs, its workers, and what keeps them from working.

        :param hours: from 1 to 72: with the ``series`` of so many hours.
        """
        return self._call("GET", f"{_path(type, 'job-types')}/status", {"hours": hours})

    def job_types(self) -> list[dict[str, Any]]:
        """What can be asked for."""
        return self._call("GET", "/job-types")["items"]

    def pause(self, type: str, reason: str | None = None) -> dict[str, Any]:
        """Pauses a job type: its jobs are accepted, and none starts. @returns the type."""
        return self._call("POST", _path(type, "job-types") + "/pause", body={} if reason is None else {"reason": reason})

    def resume(self, type: str) -> dict[str, Any]:
        """Resumes a job type: the jobs that waited start. @returns the type."""
        return self._call("POST", _path(type, "job-types") + "/resume")

    def open_api(self) -> dict[str, Any]:
        """The API's OpenAPI description."""
        return self._call("GET", "/openapi.json")

    def upload(self, type: str, name: str, path: str, content_type: str | None = None) -> str:
        """Sends a file to S3 as it is read. :returns: what ``files`` of ``add`` takes for this name."""
        size = os.path.getsize(path)
        body = {"type": type, "name": name, "bytes": size}
        target = self._call("POST", "/uploads", body={**body, "contentType": content_type} if content_type else body)

        def put(tries: int) -> str:
            with open(path, "rb") as file:
                request = urllib.request.Request(target["url"], file, dict(target["headers"]), method="PUT")
                try:
                    urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS).close()
                except urllib.error.HTTPError as error:
                    # Nobody else has the link: an earlier try stored the file, and only its answer was lost.
                    if error.code != 412 or tries == 1:
                        raise
            return target["upload"]

        return _with_retries("the upload", put)

    def result(self, job: Job | str) -> Any:
        """The result of a job that SUCCEEDED, wherever it is kept."""
        read = self._succeeded(job)
        if "resultUrl" not in read:
            return read.get("result")
        return _with_retries("the download", lambda _: json.load(urllib.request.urlopen(read["resultUrl"], timeout=TIMEOUT_SECONDS)))

    def files(self, job: Job | str) -> list[dict[str, Any]]:
        """The files in the result of a job that SUCCEEDED, each with its ``name``, ``bytes``, ``contentType`` and ``url``."""
        read = self._succeeded(job)
        own = f"results/{read['type']}/{read['id']}/"
        found = [*_linked(read.get("result")), *read.get("resultFiles", [])]
        return [{**file, "name": file["key"].rsplit("/", 1)[-1]} for file in found if file["key"].startswith(own)]

    def download(self, file: Mapping[str, Any], path: str) -> None:
        """Writes one of ``files`` to the disk as it comes."""

        def copy(_: int) -> None:
            with urllib.request.urlopen(file["url"], timeout=TIMEOUT_SECONDS) as answer, open(path, "wb") as target:
                shutil.copyfileobj(answer, target)
            if os.path.getsize(path) != file["bytes"]:
                raise ConnectionError(f"{path} is incomplete")

        _with_retries("the download", copy)

    def _pages(self, path: str, filters: Mapping[str, Any]) -> Iterator[Job]:
        cursor = None
        while True:
            page = self._call("GET", path, {**filters, "limit": 100, "cursor": cursor})
            yield from page["items"]
            cursor = page.get("cursor")
            if cursor is None:
                return

    def _succeeded(self, job: Job | str) -> Job:
        read = self.get(job)
        if read["status"] != "SUCCEEDED":
            raise JobsApiError(f"job {read['id']} is {read['status']}: {read.get('error')}", "JobNotSucceeded")
        return read

    def _call(
        self,
        method: str,
        path: str,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        given = {name: _query_value(value) for name, value in (query or {}).items() if value is not None}
        text = urllib.parse.urlencode(given, doseq=True, quote_via=urllib.parse.quote, safe="")
        url = f"{self._url}{path}?{text}" if text else f"{self._url}{path}"
        data = None if body is None else json.dumps(body, default=_time_text).encode()
        sent = {**(headers or {}), **({} if data is None else {"content-type": "application/json"})}

        def call(_: int) -> Any:
            request = urllib.request.Request(url, data, self._authorized(method, url, data, sent), method=method)
            with _OPENER.open(request, timeout=TIMEOUT_SECONDS) as answer:
                text = answer.read()
            try:
                return json.loads(text)
            except ValueError as error:
                raise JobsApiError(f"{method} {path} was not answered in JSON", "UnexpectedAnswer", answer.status) from error

        return _with_retries(f"{method} {path}", call, {429, 503})

    def _authorized(self, method: str, url: str, data: bytes | None, headers: Mapping[str, str]) -> dict[str, str]:
        if self._region is not None:
            return self._signed(method, url, data, headers)
        if self._token is None:
            return dict(headers)
        token = self._token() if callable(self._token) else self._token
        return {**headers, "authorization": f"Bearer {token}"}

    def _signed(self, method: str, url: str, data: bytes | None, headers: Mapping[str, str]) -> dict[str, str]:
        from botocore.auth import SigV4Auth
        from botocore.awsrequest import AWSRequest
        from botocore.session import Session

        self._session = self._session or Session()
        credentials = self._session.get_credentials()
        if credentials is None:
            raise JobsApiError("botocore finds no credentials", "InvalidSetting")
        request = AWSRequest(method, url, dict(headers), data)
        SigV4Auth(credentials.get_frozen_credentials(), "execute-api", self._region).add_auth(request)
        return dict(request.headers.items())


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Followed, a POST would become a GET."""

    def redirect_request(self, *_: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirects)


def _path(named: Job | Batch | str, kind: str = "jobs") -> str:
    return f"/{kind}/{urllib.parse.quote(named if isinstance(named, str) else named['id'], safe='')}"


def _trace_header(traceparent: str | None) -> dict[str, str]:
    return {} if traceparent is None else {"traceparent": traceparent}


def _time_text(value: Any) -> str:
    """A time as the API takes it. :raises JobsApiError: where it may be any of several."""
    if not isinstance(value, datetime):
        raise TypeError(f"{value!r} is not JSON")
    if value.utcoffset() is None:
        raise JobsApiError(f"{value} has no time zone; make it of datetime.now(timezone.utc), for one", "InvalidSetting")
    return value.isoformat()


def _query_value(value: Any) -> Any:
    return _time_text(value) if isinstance(value, datetime) else value


def _linked(value: Any) -> Iterator[dict[str, Any]]:
    """Objects in a result that are files, with their links."""
    if isinstance(value, dict):
        if {"bucket", "key", "bytes", "contentType", "url"} <= value.keys():
            yield value
        else:
            for member in value.values():
                yield from _linked(member)
    elif isinstance(value, list):
        for item in value:
            yield from _linked(item)


def _with_retries(what: str, run: Callable[[int], Any], retried: set[int] = RETRIED) -> Any:
    """Runs what may be repeated, until it succeeds or has been tried often enough. ``run`` is told which try it is."""
    for tries in range(1, TRIES + 1):
        asked = 0
        try:
            return run(tries)
        except urllib.error.HTTPError as error:
            asked = _retry_after(error)
            if tries == TRIES or error.code not in retried or asked > MAX_RETRY_AFTER_SECONDS:
                raise _error(what, error) from None
        except (urllib.error.URLError, http.client.HTTPException, ConnectionError, TimeoutError) as error:
            if tries == TRIES:
                raise JobsApiError(f"{what} got no answer: {error}", "NetworkError") from error
        time.sleep(asked + random.uniform(0, min(MAX_SECONDS, BASE_SECONDS * 2 ** (tries - 1))))


def _retry_after(error: urllib.error.HTTPError) -> int:
    seconds = error.headers.get("retry-after", "")
    return int(seconds) if seconds.isdigit() else 0


def _error(what: str, error: urllib.error.HTTPError) -> JobsApiError:
    text = error.read().decode(errors="replace")
    try:
        body = json.loads(text)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        body = {}
    code = body.get("code", "GatewayError" if "message" in body else "UnexpectedAnswer")
    detail = body.get("detail", body.get("message", text[:200]))
    errors = body.get("errors", [])
    told = [f"{each['path']} {each['message']}" for each in errors[:TOLD_ERRORS]]
    more = [f"and {len(errors) - TOLD_ERRORS} more"] if len(errors) > TOLD_ERRORS else []
    listed = f" ({'; '.join(told + more)})" if told else ""
    return JobsApiError(f"{what} was answered with {error.code} {code}: {detail}{listed}", code, error.code, errors)
