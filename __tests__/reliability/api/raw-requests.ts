import fc from "fast-check";
import { MAX_BODY_BYTES } from "../../../domain/limits.ts";
import { hostileText } from "./hostile-values.ts";
import {
  bytes,
  CRLF,
  chunked,
  FRAMINGS,
  get,
  HEADERS,
  head,
  JOB,
  length,
  METHODS,
  NO_HTTP,
  type RawRequest,
  TARGETS,
  TE,
  WELL_FORMED,
} from "./raw-samples.ts";

const body = fc.oneof(
  fc.uint8Array({ maxLength: 60 }).map((array) => Buffer.from(array)),
  fc.constantFrom(
    Buffer.from([0xff, 0xfe, 0x7b, 0x00]),
    Buffer.from(`\ufeff${JOB}`),
    Buffer.from(JOB, "utf16le"),
    Buffer.from(JOB.replace("1}", '"\ud800"}')),
    Buffer.from(`${"[".repeat(50_000)}`),
    Buffer.alloc(MAX_BODY_BYTES + 1, " "),
  ),
);
const types = fc.constantFrom(
  "application/json",
  "application/octet-stream",
  "text/plain",
  "application/x-www-form-urlencoded",
  "",
  "\u00ff",
);

const bodies: fc.Arbitrary<RawRequest> = fc.tuple(body, types).map(([content, type]) => ({
  kind: "body",
  requests: 1,
  bytes: Buffer.concat([
    bytes(head("POST /jobs HTTP/1.1", ["Host: a", "Connection: close", `Content-Type: ${type}`, length(content)])),
    content,
  ]),
}));

/** A second request behind one that is complete, framed otherwise than it may look, or broken. */
const pipelined: fc.Arbitrary<RawRequest> = fc
  .constantFrom(
    [length(JOB), JOB],
    [TE, chunked(JOB)],
    ["Content-Length: 10", JOB],
    [TE, `0${CRLF}${CRLF}`],
    [`${TE}${CRLF}Content-Length: 3`, `0${CRLF}${CRLF}`],
  )
  .map(([framing, sent]) => ({
    kind: "pipelined",
    requests: 2,
    bytes: Buffer.concat([bytes(`${head("POST /jobs HTTP/1.1", ["Host: a", framing as string])}${sent}`), get("/job-types")]),
  }));

/** A request with a few of its bytes changed, lost or repeated. */
const damaged: fc.Arbitrary<RawRequest> = fc
  .tuple(
    fc.constantFrom(...WELL_FORMED, ...HEADERS.slice(0, 8)),
    fc.array(fc.tuple(fc.nat({ max: 200 }), fc.nat({ max: 255 })), { minLength: 1, maxLength: 3 }),
  )
  .map(([request, changes]) => {
    const changed = Buffer.from(request.bytes);
    for (const [at, byte] of changes) changed[at % changed.length] = byte;
    return { kind: "no HTTP", bytes: changed, requests: 2, isIncomplete: true };
  });

const targets = fc.constantFrom(...TARGETS).map((target): RawRequest => ({ kind: "path", bytes: get(target), requests: 1 }));
const hostileTargets = fc.tuple(fc.constantFrom("/jobs/", "/jobs?", "/", "/jobs/x/"), hostileText).map(
  ([start, end]): RawRequest => ({
    kind: "path",
    bytes: get(start + encodeURIComponent(end.toWellFormed()).replaceAll("%2F", "/")),
    requests: 1,
  }),
);

/** What a client may send over a socket: HTTP that is fine, that is not, and bytes that are none. */
export const rawRequests: fc.Arbitrary<RawRequest> = fc.oneof(
  fc.constantFrom(...WELL_FORMED),
  fc.constantFrom(...METHODS),
  targets,
  hostileTargets,
  fc.constantFrom(...HEADERS),
  fc.constantFrom(...FRAMINGS),
  bodies,
  fc.constantFrom(...NO_HTTP),
  pipelined,
  damaged,
);
