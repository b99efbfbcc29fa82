import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { type IncomingMessage, request } from "node:http";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { readProcessTable } from "@autoscaling-job-queues/domain/process-table";
import { afterAll, beforeAll, expect, it } from "vitest";
import { JobBoard } from "../../local/job-board.ts";
import { startPlatform } from "../../local/platform.ts";
import type { Platform } from "../../local/platform-types.ts";

/** As large as the canary's file may be. */
const BYTES = 1_000_000_000;
const CHUNK_BYTES = 1_000_000;
const SMALLEST_USUAL_CONTAINER_KIB = 512 * 1_024;

let runs: string;
let platform: Platform;
const board = new JobBoard();
const reports: string[] = [];

beforeAll(async () => {
  await mkdir(".local", { recursive: true });
  runs = await mkdtemp(path.join(".local", "large-file-"));
  platform = await startPlatform({ jobTypes: ["canary"], runs, report: (line) => reports.push(line), variables: {} });
  platform.events?.onEvent((event) => board.apply(event));
});

afterAll(async () => {
  await platform.stop();
  await rm(runs, { recursive: true });
});

const post = async (url: string, body: object) => {
  const response = await fetch(`${platform.api}${url}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return (await response.json()) as Readonly<Record<string, string>> & { readonly headers: Record<string, string> };
};

/** The most memory that the workers had at once, in KiB: of each process, the most that it ever had. */
function peakKiB(): number {
  const processes = platform.fleet.tasks().flatMap((task) => task.process.members(readProcessTable()));
  const peaks = processes.map(({ pid }) => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0));
  return peaks.reduce((sum, peak) => sum + peak, 0);
}

it("a file of 1 GB goes through upload, API and a worker in the memory of the smallest usual container", async () => {
  const asked = { type: "canary", name: "data", bytes: BYTES, contentType: "application/octet-stream" };
  const { upload, url = "", headers } = await post("/uploads", asked);
  const hash = createHash("sha256");
  const content = Readable.from(
    (function* () {
      for (let at = 0; at < BYTES; at += CHUNK_BYTES) {
        const chunk = Buffer.alloc(CHUNK_BYTES, `${at}.`);
        hash.update(chunk);
        yield chunk;
      }
    })(),
  );
  const put = request(url, { method: "PUT", headers: { ...headers, "content-length": BYTES } });
  const answered = once(put, "response") as Promise<[IncomingMessage]>;
  await pipeline(content, put);
  const [answer] = await answered;
  answer.resume();
  expect(answer.statusCode).toBe(200);

  const { id = "" } = await post("/jobs", { type: "canary", input: { op: "digest" }, files: { data: upload } });
  expect(await board.until(() => board.ended() === 1, AbortSignal.timeout(120_000))).toBe(true);
  const job = await (await fetch(`${platform.api}/jobs/${id}`)).json();
  expect(job).toMatchObject({ status: "SUCCEEDED", attempt: 1, result: { bytes: BYTES, sha256: hash.digest("hex") } });
  const peak = peakKiB();
  expect(peak).toBeGreaterThan(0);
  expect(peak).toBeLessThan(SMALLEST_USUAL_CONTAINER_KIB);
  expect(reports).toEqual([]);
}, 300_000);
