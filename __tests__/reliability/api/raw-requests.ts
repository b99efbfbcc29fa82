import { readFileSync } from "node:fs";
import fc from "fast-check";
import { MAX_BODY_BYTES } from "../../../domain/limits.ts";
import { hostileText } from "./hostile-values.ts";

/** Bytes that a client sends over one connection. */
export interface RawRequest {
  /** What is wrong, or not: a title of `raw.requests`, "body" or "pipelined". */
  readonly kind: string;
  readonly bytes: Buffer;
  /** The client sends no more, though the request is not complete: then the gateway may close without an answer. */
  readonly isIncomplete?: boolean;
  /** Requests that it may be taken for, at most. */
  readonly requests: number;
  /** Of a request that nothing is wrong with. */
  readonly status?: number;
}

const JOB = '{"type":"canary","input":{"op":"echo","value":1}}';
const LENGTH = `Content-Length: ${JOB.length}`;
const TE = "Transfer-Encoding: chunked";
const POST = "POST /jobs HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nConnection: close\r\n";
const chunked = (chunk: string): string => `${chunk.length.toString(16)}\r\n${chunk}\r\n0\r\n\r\n`;
const get = (target: string): string => `GET ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`;
const bytes = (text: string): Buffer => Buffer.from(text, "latin1");

/** How a line of a kind becomes a request; where it is not here, it is one. */
const WHOLE: Readonly<Record<string, (line: string) => string>> = {
  method: (line) => `${line} /jobs HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
  path: get,
  header: (line) => `${POST}${LENGTH}\r\n${line}\r\n\r\n${JOB}`,
};

/** The text that a line stands for. */
function written(line: string): string {
  const repeated = /\{((?:(?!\{).)+?)\*(\d+)\}/g;
  const unescaped = (text: string): string =>
    text.replaceAll(/\\(?:u([0-9a-f]{4})|(.))/g, (_, code, letter) =>
      code === undefined ? ({ r: "\r", n: "\n" }[letter as string] ?? letter) : String.fromCharCode(Number.parseInt(code, 16)),
    );
  const text = line
    .replace(/^\$GET (.*)$/, (_, target: string) => get(target).replaceAll("\r\n", "\\r\\n"))
    .replaceAll(/\$(POST|LENGTH|TE|JOB|CHUNKS)/g, (_, name: string) =>
      JSON.stringify({ POST, LENGTH, TE, JOB, CHUNKS: chunked(JOB) }[name] ?? "").slice(1, -1),
    );
  return unescaped(text.replaceAll(repeated, (_, part: string, times: string) => part.repeat(Number(times))));
}

/** The samples of the file, which are few, well chosen, and each sent as it is. */
export const SAMPLES: readonly RawRequest[] = readFileSync(new URL("./raw.requests", import.meta.url), "utf8")
  .split(/^# /m)
  .slice(1)
  .flatMap((paragraph) => {
    const [title = "", ...lines] = paragraph.trimEnd().split("\n");
    const [kind = ""] = title.split(/[,:]/);
    const isIncomplete = title.endsWith("incomplete") || kind === "no HTTP";
    const requests = title.endsWith("incomplete") ? 0 : 1;
    return lines.map((line) => {
      const [, status, rest = line] = kind === "well-formed" ? (/^(\d{3}) (.*)$/.exec(line) ?? []) : [];
      const text = written(rest);
      const request = { kind, bytes: bytes(WHOLE[kind]?.(text) ?? text), requests, ...(isIncomplete ? { isIncomplete } : {}) };
      return status === undefined ? request : { ...request, status: Number(status) };
    });
  });

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
const FORM = "application/x-www-form-urlencoded";
const types = fc.constantFrom("application/json", "application/octet-stream", "text/plain", FORM, "", "\u00ff");

const bodies: fc.Arbitrary<RawRequest> = fc.tuple(body, types).map(([content, type]) => {
  const head = `POST /jobs HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: ${type}\r\nContent-Length: ${content.length}\r\n\r\n`;
  return { kind: "body", requests: 1, bytes: Buffer.concat([bytes(head), content]) };
});

/** A second request behind one that is complete, framed otherwise than it may look, or broken. */
const pipelined: fc.Arbitrary<RawRequest> = fc
  .constantFrom(
    `${LENGTH}\r\n\r\n${JOB}`,
    `${TE}\r\n\r\n${chunked(JOB)}`,
    `Content-Length: 10\r\n\r\n${JOB}`,
    `${TE}\r\n\r\n0\r\n\r\n`,
    `${TE}\r\nContent-Length: 3\r\n\r\n0\r\n\r\n`,
  )
  .map((first) => ({
    kind: "pipelined",
    requests: 2,
    bytes: bytes(`POST /jobs HTTP/1.1\r\nHost: localhost\r\n${first}${get("/job-types")}`),
  }));

/** A request with a few of its bytes changed. */
const damaged: fc.Arbitrary<RawRequest> = fc
  .tuple(
    fc.constantFrom(
      ...SAMPLES.filter(({ kind, bytes: { length } }) => kind === "well-formed" || (kind === "header" && length < 400)),
    ),
    fc.array(fc.tuple(fc.nat({ max: 200 }), fc.nat({ max: 255 })), { minLength: 1, maxLength: 3 }),
  )
  .map(([request, changes]) => {
    const changed = Buffer.from(request.bytes);
    for (const [at, byte] of changes) changed[at % changed.length] = byte;
    return { kind: "no HTTP", bytes: changed, requests: 2, isIncomplete: true };
  });

const hostileTargets = fc.tuple(fc.constantFrom("/jobs/", "/jobs?", "/", "/jobs/x/"), hostileText).map(([start, end]) => {
  const target = start + encodeURIComponent(end.toWellFormed()).replaceAll("%2F", "/");
  return { kind: "path", bytes: bytes(get(target)), requests: 1 };
});

const samples = [...Map.groupBy(SAMPLES, ({ kind }) => kind).values()].map((some) => fc.constantFrom(...some));

/** What a client may send over a socket: HTTP that is fine, that is not, and bytes that are none. */
export const rawRequests: fc.Arbitrary<RawRequest> = fc.oneof(...samples, hostileTargets, bodies, pipelined, damaged);
