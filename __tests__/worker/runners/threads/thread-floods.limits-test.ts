import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LINE_BURST, lineUnits } from "../../../../worker/line-limits.ts";
import { runProgram } from "../../../support/run-program.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

/** 600 MB of them: more than the container has. */
const LINES = 150_000;
const LINE_BYTES = 4_000;
const CHECKPOINTS = 25_000;
const FILE_BYTES = 250_000_000;
/** Memory of the smallest container that Fargate offers, in MiB, and what a worker has in it beside its threads. */
const CONTAINER_MIB = 512;
const CLIENTS_MIB = 60;

const HANDLERS = `
import * as z from ${JSON.stringify(import.meta.resolve("zod"))};
const turn = () => new Promise((resolve) => setTimeout(resolve, 20));
const line = "x".repeat(${LINE_BYTES});
const handlers = {
  logs: (job) => { for (let at = 0; at < ${LINES}; at += 1) job.logger.info(line); },
  console: () => { for (let at = 0; at < ${LINES}; at += 1) console.log(line); },
  output: () => void process.stdout.write(line.repeat(15_000)),
  progress: async (job) => { for (let at = 0; at < ${LINES}; at += 1) void job.progress(at / ${LINES}, line); await turn(); },
  checkpoints: async (job) => { for (let at = 0; at < ${CHECKPOINTS}; at += 1) void job.checkpoint({ at, line }); await turn(); },
  turns: async (job) => { for (let at = 0; at < 100; at += 1) { for (let part = 0; part < ${LINES / 100}; part += 1) job.logger.info(line); await turn(); } },
  file: async (job) => await job.putFile("large.bin", Buffer.alloc(${FILE_BYTES}, 1), "application/octet-stream"),
  neighbour: async (job) => { for (let at = 0; at < 10; at += 1) { job.logger.info("still here"); await turn(); } return "done"; },
};
export default { jobType: { input: z.unknown() }, handler: (input, job) => handlers[input.do](job) };
`;

/** Runs a job that floods, and a neighbour; tells how both ended, what was logged, and memory in MiB. */
const program = (name: string): string => `
  const { readFileSync, writeSync, openSync } = await import("node:fs");
  const { threadRunner } = await load("../../worker/runners/threads/thread-runner.ts");
  const { FileStore } = await load("../../worker/file-store.ts");
  const { buildRun } = await load("./worker-run.ts");
  const memory = (field) => Number(new RegExp(field + ":\\\\s+(\\\\d+)").exec(readFileSync("/proc/self/status", "utf8"))[1]) / 1024;
  const nowhere = openSync("/dev/null", "w");
  const files = new FileStore("results");
  const settings = { handlerUrl: ${JSON.stringify("HANDLER_URL")}, concurrency: 2, memoryMiB: ${CONTAINER_MIB} };
  const runner = threadRunner({ ...settings, log: { strayError() {}, threadReplaced() {} } });
  const run = (name) => {
    const counts = { lines: 0, dropped: 0, reports: 0, checkpoints: 0 };
    const outcome = runner.run(buildRun({
      id: name,
      input: JSON.stringify({ do: name }),
      progress: () => void (counts.reports += 1),
      checkpoint: async () => void (counts.checkpoints += 1),
      log: (level, message, details) => {
        writeSync(nowhere, JSON.stringify({ level, message, details }) + "\\n");
        if (level === "warn" && details?.lines !== undefined) counts.dropped += details.lines;
        else counts.lines += 1;
      },
      putFile: async (file, content, contentType) => ({ ...(await files.put(file, content, contentType)), contentType }),
    }));
    return outcome.then((ended) => ({ ...ended, ...counts }));
  };
  // What is loaded when it is first used is no part of the flood.
  await Promise.all([run("neighbour"), run("neighbour"), files.put("first.txt", "first", "text/plain")]);
  const before = memory("VmRSS");
  const [flood, neighbour] = await Promise.all([run(${JSON.stringify(name)}), run("neighbour")]);
  return { flood, neighbour, before, peak: memory("VmHWM") };`;

interface Told {
  readonly flood: Readonly<Record<"lines" | "dropped" | "reports" | "checkpoints", number>> & { readonly kind: string };
  readonly neighbour: object;
  readonly before: number;
  readonly peak: number;
}

let handlerUrl: string;
let uploaded = 0;

/** S3, as far as an upload in parts needs it; nothing is kept. */
const bucket = createServer((request, response) => {
  request.on("data", (chunk: Buffer) => {
    uploaded += chunk.byteLength;
  });
  request.on("end", () => {
    const isPart = request.method === "PUT";
    if (isPart) response.setHeader("ETag", '"part"');
    response.end(isPart ? undefined : "<R><UploadId>1</UploadId><ETag>1</ETag></R>");
  });
});

beforeAll(async () => {
  const file = path.join(await temporaryFolder("thread-floods"), "job.mjs");
  await writeFile(file, HANDLERS);
  handlerUrl = pathToFileURL(file).href;
  await once(bucket.listen(0, "127.0.0.1"), "listening");
});
afterAll(() => void bucket.close());

async function flood(name: string): Promise<Told> {
  const { port } = bucket.address() as AddressInfo;
  const env = {
    AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${port}`,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
  };
  return (await runProgram(program(name).replace("HANDLER_URL", handlerUrl), { env })) as Told;
}

const UNDISTURBED = { kind: "returned", json: '"done"', lines: 10, dropped: 0 };

describe.runIf(process.platform === "linux")("a handler that floods its worker", () => {
  it.each(["logs", "console", "turns"])(
    "with lines ends well within the container, what is dropped is counted, and its neighbour sees nothing of it: %s",
    async (name) => {
      const { flood: flooding, neighbour, peak } = await flood(name);
      expect(flooding).toMatchObject({ kind: "returned" });
      expect(flooding.lines + flooding.dropped).toBe(LINES);
      expect(flooding.lines).toBeGreaterThan((LINE_BURST / lineUnits(LINE_BYTES)) * 0.9);
      expect(neighbour).toMatchObject(UNDISTURBED);
      expect(peak).toBeLessThan(CONTAINER_MIB - CLIENTS_MIB);
    },
  );

  it("with one line of megabytes is cut", async () => {
    const { flood: flooding, neighbour, peak } = await flood("output");
    expect(flooding).toMatchObject({ kind: "returned" });
    expect(neighbour).toMatchObject(UNDISTURBED);
    expect(peak).toBeLessThan(CONTAINER_MIB - CLIENTS_MIB);
  });

  it("with progress is heard at the worker's pace", async () => {
    const { flood: flooding, neighbour, peak } = await flood("progress");
    expect(flooding).toMatchObject({ kind: "returned", lines: 0, dropped: 0 });
    expect(flooding.reports).toBeLessThan(LINES / 10);
    expect(neighbour).toMatchObject(UNDISTURBED);
    expect(peak).toBeLessThan(CONTAINER_MIB - CLIENTS_MIB);
  });

  it("with checkpoints is heard at the worker's pace", async () => {
    const { flood: flooding, neighbour, peak } = await flood("checkpoints");
    expect(flooding).toMatchObject({ kind: "returned", lines: 0, dropped: 0 });
    expect(flooding.checkpoints).toBeLessThan(CHECKPOINTS / 10);
    expect(neighbour).toMatchObject(UNDISTURBED);
    expect(peak).toBeLessThan(CONTAINER_MIB - CLIENTS_MIB);
  });

  it("with a file of 250 MB takes a few parts beside the handler's own buffer", async () => {
    const { flood: flooding, neighbour, before, peak } = await flood("file");
    expect(flooding).toMatchObject({ kind: "returned", json: expect.stringContaining(`"bytes":${FILE_BYTES}`) });
    expect(uploaded).toBeGreaterThanOrEqual(FILE_BYTES);
    expect(neighbour).toMatchObject(UNDISTURBED);
    expect(peak - before - FILE_BYTES / 1_048_576).toBeLessThan(80);
  });
});
