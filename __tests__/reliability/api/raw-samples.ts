/** Bytes that a client sends over one connection. */
export interface RawRequest {
  readonly kind: RawKind;
  readonly bytes: Buffer;
  /** The client sends no more, though the request is not complete: then the gateway may close without an answer. */
  readonly isIncomplete?: true;
  /** Requests that it may be taken for, at most. */
  readonly requests: number;
  /** Of a request that nothing is wrong with. */
  readonly status?: number;
}

type RawKind = "well-formed" | "method" | "path" | "header" | "framing" | "body" | "no HTTP" | "pipelined";

export const CRLF = "\r\n";
export const JOB = '{"type":"canary","input":{"op":"echo","value":1}}';
const POST_HEADERS = ["Host: 127.0.0.1", "Content-Type: application/json", "Connection: close"];

export function bytes(text: string): Buffer {
  return Buffer.from(text, "latin1");
}

export function head(line: string, headers: readonly string[]): string {
  return [line, ...headers, "", ""].join(CRLF);
}

export function get(target: string, headers: readonly string[] = []): Buffer {
  return bytes(head(`GET ${target} HTTP/1.1`, ["Host: 127.0.0.1", "Connection: close", ...headers]));
}

function post(body: string | Buffer, headers: readonly string[]): Buffer {
  return Buffer.concat([bytes(head("POST /jobs HTTP/1.1", [...POST_HEADERS, ...headers])), Buffer.from(body as string)]);
}

export function chunked(...chunks: readonly string[]): string {
  return [...chunks, ""].map((chunk) => `${chunk.length.toString(16)}${CRLF}${chunk}${CRLF}`).join("");
}

export const length = (body: string | Buffer): string => `Content-Length: ${Buffer.byteLength(body)}`;
export const TE = "Transfer-Encoding: chunked";

function requests(kind: RawKind, all: readonly Buffer[]): RawRequest[] {
  return all.map((sent) => ({ kind, bytes: sent, requests: 1 }));
}

export const WELL_FORMED: readonly RawRequest[] = [
  [202, post(JOB, [length(JOB)])],
  [202, post(chunked(JOB.slice(0, 10), JOB.slice(10)), [TE])],
  [202, post(JOB, [length(JOB), "Idempotency-Key: raw"])],
  [202, post(JOB, [length(JOB), "X-Local-Principal: arn:aws:iam::1:user/raw"])],
  [202, post(JOB, [length(JOB), "Expect: 100-continue"])],
  [
    202,
    bytes(
      `${head("POST /jobs HTTP/1.1", ["Host: a", "Content-Type: application/octet-stream", "Connection: close", length(JOB)])}${JOB}`,
    ),
  ],
  [200, get("/jobs?limit=1")],
  [200, get("/jobs?type=canary&status=QUEUED")],
  [200, get("/job-types")],
  [200, get("/openapi.json")],
  [404, get("/jobs/canary_01K91ABCDEFGHJKMNPQRSTVWXY")],
  [400, get("/jobs?limit=1&limit=2")],
  [400, get("/jobs?__proto__=1")],
].map(([status, sent]) => ({ kind: "well-formed", bytes: sent as Buffer, requests: 1, status: status as number }));

export const METHODS = requests(
  "method",
  [
    "HEAD",
    "PUT",
    "DELETE",
    "OPTIONS",
    "TRACE",
    "PATCH",
    "CONNECT",
    "PROPFIND",
    "get",
    "GE T",
    "G\0T",
    "",
    "X".repeat(9_000),
    "__proto__",
  ].map((method) => bytes(head(`${method} /jobs HTTP/1.1`, ["Host: a", "Connection: close"]))),
);

export const TARGETS = [
  "/jobs/../job-types",
  "/jobs/%2e%2e/job-types",
  "/%2e%2e/%2e%2e/etc/passwd",
  "/jobs/..%2f..%2fetc%2fpasswd",
  "//jobs",
  "/jobs//",
  "/jobs/",
  "/JOBS",
  "/jobs/%ff",
  "/jobs/%",
  "/jobs/%zz",
  "/jobs/%00",
  "/jobs/\u00e9",
  "/jobs/a b",
  "/jobs/%0d%0aSet-Cookie:%20a=b",
  "/jobs;a=b",
  "/jobs#fragment",
  "/jobs?%",
  "/jobs?%ff=%ff",
  "/jobs?limit=%00",
  "/jobs?=&&==",
  "/jobs?limit",
  "/jobs?constructor=1&toString=2",
  `/jobs?${"limit=1&".repeat(400)}`,
  `/jobs?cursor=${"A".repeat(9_000)}`,
  `/jobs/${"x".repeat(12_000)}`,
  `/jobs/${"x".repeat(40_000)}`,
  `/${"a/".repeat(4_000)}`,
  "http://127.0.0.1/jobs",
  "https://example.com/jobs?limit=1",
  "*",
  "jobs",
  "?limit=1",
  "/__proto__",
  "/jobs/__proto__/cancel",
  "/constructor/prototype",
  "",
] as const;

export const HEADERS = requests(
  "header",
  [
    ["__proto__: 1"],
    ["constructor: 1", "toString: 2", "hasOwnProperty: 3"],
    ["X-Local-Principal: "],
    ["X-Local-Principal: a", "X-Local-Principal: b"],
    ["X-Local-Principal: \u00ff\u0080"],
    ["Idempotency-Key: a", "Idempotency-Key: b"],
    ["Idempotency-Key: "],
    ["Idempotency-Key: \u00e9"],
    [`Idempotency-Key: ${"k".repeat(257)}`],
    [`X-Long: ${"x".repeat(15_000)}`],
    [`X-Longer: ${"x".repeat(60_000)}`],
    Array.from({ length: 1_900 }, (_, index) => `X-${index}: 1`),
    Array.from({ length: 5_000 }, (_, index) => `X-${index}: 1`),
    ["No colon"],
    [": no name"],
    ["Space : before"],
    ["X-Nul: a\0b"],
    ["X-Control: a\x01b\x7f"],
    ["X-Folded: a", " b"],
    ["Host: other"],
    ["Cookie: a=b; __proto__=c; ;;"],
    ["Content-Type: "],
    ["Content-Type: text/html; charset=utf-16", "Content-Encoding: gzip"],
    ["Upgrade: websocket", "Connection: Upgrade"],
    ["Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAAP__"],
    ["Expect: something"],
    ["X-HTTP-Method-Override: DELETE"],
    ["Range: bytes=0-1"],
    ["If-None-Match: *"],
    ["Accept: text/html"],
    ["Accept-Encoding: gzip;q=nope"],
  ].map((headers) => post(JOB, [length(JOB), ...headers])),
);

export const FRAMINGS: readonly RawRequest[] = [
  ...requests("framing", [
    post(JOB, [length(JOB), TE]),
    post(chunked(JOB), [TE, "Content-Length: 4"]),
    post(chunked(JOB), ["Transfer-Encoding: xchunked"]),
    post(chunked(JOB), ["Transfer-Encoding: chunked, identity"]),
    post(chunked(JOB), [" Transfer-Encoding: chunked"]),
    post(JOB, ["Content-Length: 10", "Content-Length: 49"]),
    post(JOB, ["Content-Length: 49, 49"]),
    post(JOB, ["Content-Length: -1"]),
    post(JOB, ["Content-Length: +49"]),
    post(JOB, ["Content-Length: 4e1"]),
    post(JOB, ["Content-Length: 0x31"]),
    post(JOB, ["Content-Length: 99999999999999999999999"]),
    post(JOB, ["Content-Length: "]),
    post(JOB, ["Content-Length: 10"]),
    post(JOB, []),
    post("", ["Content-Length: 0"]),
    post(`zz${CRLF}${JOB}${CRLF}0${CRLF}${CRLF}`, [TE]),
    post(`-1${CRLF}${JOB}${CRLF}`, [TE]),
    post(`ffffffffffffffffff${CRLF}${JOB}`, [TE]),
    post(`31;a=b;c="d"${CRLF}${JOB}${CRLF}0${CRLF}X-Trailer: 1${CRLF}${CRLF}`, [TE]),
    post(`31;${"x".repeat(40_000)}${CRLF}${JOB}${CRLF}0${CRLF}${CRLF}`, [TE]),
    post(`31\n${JOB}\n0\n\n`, [TE]),
    post(`0${CRLF}${CRLF}`, [TE]),
    bytes(`GET /jobs HTTP/1.1\nHost: a\nConnection: close\n\n`),
    bytes(`GET /jobs HTTP/1.1\rHost: a\r\r`),
  ]),
  ...[
    post(JOB, ["Content-Length: 500"]),
    post(`31${CRLF}${JOB.slice(0, 5)}`, [TE]),
    bytes("GET /jobs HTTP/1.1\r\nHost: a\r\n"),
    bytes("GET /jo"),
  ].map((sent): RawRequest => ({ kind: "framing", bytes: sent, requests: 0, isIncomplete: true })),
];

export const NO_HTTP: readonly RawRequest[] = requests("no HTTP", [
  bytes("\r\n\r\n\r\n"),
  bytes("GET /jobs\r\n\r\n"),
  bytes(head("GET /jobs HTTP/9.9", ["Host: a"])),
  bytes(head("GET /jobs HTTP/1.0", [])),
  bytes(head("GET /jobs HTTQ/1.1", ["Host: a"])),
  bytes(head("GET  /jobs  HTTP/1.1", ["Host: a", "Connection: close"])),
  bytes(head("GET /jobs HTTP/1.1", ["Connection: close"])),
  bytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
  Buffer.from([0x16, 0x03, 0x01, 0x00, 0x05, 0x01, 0x00, 0x00, 0x01, 0x00]),
  Buffer.alloc(2_000, 0),
  Buffer.alloc(2_000, 0xff),
  bytes('{"type":"canary"}'),
]).map((request) => ({ ...request, isIncomplete: true }));
