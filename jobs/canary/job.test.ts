import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { defineJob } from "@autoscaling-job-queues/worker/define-job";
import { testJob } from "@autoscaling-job-queues/worker/testing";
import { describe, expect, it } from "vitest";
import canary from "./job.ts";
import { canaryJob, jobTypeIn } from "./job-type.ts";
import { samples } from "./samples.ts";

describe("the canary", () => {
  it.each([null, 0, "text", [1, { deep: true }]])("echoes %j", async (value) => {
    expect((await testJob(canary, { op: "echo", value })).result).toEqual({ value });
  });

  it("echoes every sample", async () => {
    for (const { input } of await samples()) {
      expect((await testJob(canary, input)).result).toEqual({ value: (input as { value: unknown }).value });
    }
  });

  it("sleeps with progress that grows", async () => {
    const { result, progress } = await testJob(canary, { op: "sleep", seconds: 0.05 });
    expect(result).toEqual({ seconds: 0.05 });
    expect(progress.map(({ fraction }) => fraction)).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]);
  });

  it("stops sleeping at once, with the signal's reason", async () => {
    const controller = new AbortController();
    const asleep = testJob(canary, { op: "sleep", seconds: 3_600 }, { signal: controller.signal });
    controller.abort(new Error("the job was cancelled"));
    await expect(asleep).rejects.toThrow("the job was cancelled");
  });

  it("fails, for good where asked to", async () => {
    await expect(testJob(canary, { op: "fail", message: "no luck" })).rejects.toMatchObject({
      name: "Error",
      message: "no luck",
    });
    await expect(testJob(canary, { op: "fail", message: "no use", permanent: true })).rejects.toMatchObject({
      name: "PermanentError",
      message: "no use",
    });
  });

  it("fails as many attempts as asked to, then succeeds", async () => {
    const flaky = (attempt: number) => testJob(canary, { op: "flaky", failures: 2 }, { attempt });
    await expect(flaky(1)).rejects.toThrow("attempt 1");
    await expect(flaky(2)).rejects.toThrow("attempt 2");
    expect((await flaky(3)).result).toEqual({ attempt: 3 });
  });

  it("stores a checkpoint a step, fails its first attempt where asked to, and goes on from there", async () => {
    const input = { op: "checkpoints", steps: 4, failAt: 3 };
    const seen: unknown[] = [];
    const watched = defineJob(canaryJob, (given, job) =>
      canary.handler(given, { ...job, checkpoint: async (value) => void seen.push(value) }),
    );
    await expect(testJob(watched, input)).rejects.toThrow("step 3");
    expect(seen).toEqual([{ step: 1 }, { step: 2 }, { step: 3 }]);
    const { result, checkpoints } = await testJob(canary, input, { attempt: 2, resumeFrom: seen.at(-1) });
    expect(result).toEqual({ steps: 4, resumedFrom: 3 });
    expect(checkpoints).toEqual([{ step: 4 }]);
  });

  it("does not fail at a step that it does not reach", async () => {
    expect((await testJob(canary, { op: "checkpoints", steps: 2 })).result).toEqual({ steps: 2, resumedFrom: 0 });
  });

  it("crashes the whole process, also from a thread", async () => {
    const thread = `import(${JSON.stringify(new URL("./job.ts", import.meta.url).href)}).then(({ default: job }) => job.handler({ op: "crash" }))`;
    const program = `new (require("node:worker_threads").Worker)(${JSON.stringify(thread)}, { eval: true }); setInterval(() => {}, 1000)`;
    const [code, signal] = await once(spawn(process.execPath, ["-e", program], { stdio: "ignore" }), "exit");
    expect({ code, signal }).toEqual({ code: null, signal: "SIGKILL" });
  });

  it("digests a file, however it comes in parts", async () => {
    const content = Buffer.from("a".repeat(2_500));
    const { result, progress } = await testJob(canary, { op: "digest" }, { files: { data: { content } } });
    expect(result).toEqual({ bytes: 2_500, sha256: createHash("sha256").update(content).digest("hex") });
    expect(progress.map(({ fraction }) => fraction)).toEqual([0.4, 0.8, 1]);
  });

  it("digests a file without bytes", async () => {
    const { result } = await testJob(canary, { op: "digest" }, { files: { data: { content: "" } } });
    expect(result).toEqual({ bytes: 0, sha256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" });
  });

  it("fails for good where there is no file to digest", async () => {
    await expect(testJob(canary, { op: "digest" })).rejects.toMatchObject({ name: "PermanentError", code: "NoSuchFile" });
  });

  it("blocks its thread while it spins", async () => {
    let turns = 0;
    const counter = setInterval(() => turns++, 1);
    const start = performance.now();
    const { result } = await testJob(canary, { op: "spin", seconds: 0.1 });
    clearInterval(counter);
    expect(result).toEqual({ seconds: 0.1 });
    expect(performance.now() - start).toBeGreaterThanOrEqual(100);
    expect(turns).toBeLessThan(10);
  });

  it("holds memory on the JavaScript heap to the end", async () => {
    const heap: number[] = [];
    const watched = defineJob(canaryJob, (input, job) =>
      canary.handler(input, { ...job, progress: async () => void heap.push(process.memoryUsage().heapUsed) }),
    );
    const { result } = await testJob(watched, { op: "allocate", mebibytes: 200 });
    expect(result).toEqual({ allocatedMebibytes: 200 });
    expect(heap.at(-1)).toBeGreaterThan(200 * 1_048_576);
  });

  it("stops allocating when it is aborted", async () => {
    const controller = new AbortController();
    const allocating = testJob(canary, { op: "allocate", mebibytes: 65_536 }, { signal: controller.signal });
    setImmediate(() => controller.abort(new Error("timeout")));
    await expect(allocating).rejects.toThrow("timeout");
  });

  it.each([12, 13, 5_000_000])("returns a result of %d bytes of JSON", async (bytes) => {
    const { result } = await testJob(canary, { op: "result", bytes });
    expect(JSON.stringify(result)).toHaveLength(bytes);
  });

  it.each([
    {},
    { op: "nothing" },
    { op: "echo" },
    { op: "sleep", seconds: -1 },
    { op: "sleep", seconds: 3_601 },
    { op: "fail", message: "" },
    { op: "flaky", failures: 1.5 },
    { op: "checkpoints", steps: 0, failAt: 0 },
    { op: "allocate", mebibytes: 0 },
    { op: "result", bytes: 67_108_865 },
    { op: "crash", now: true },
  ])("refuses the input %j", (input) => {
    expect(canary.jobType.input.safeParse(input).success).toBe(false);
  });
});

describe("the canary of an environment that is to be safe", () => {
  const safe = jobTypeIn({ canary: "safe" });
  const full = jobTypeIn({ canary: "full" });

  it.each([{ op: "crash" }, { op: "allocate", mebibytes: 1 }, { op: "result", bytes: 2_097_153 }])(
    "refuses %j, which breaks a worker, or takes a lot of its memory",
    (input) => {
      expect(full.input.safeParse(input).success).toBe(true);
      expect(safe.input.safeParse(input).success).toBe(false);
    },
  );

  it.each([
    { op: "echo", value: null },
    { op: "sleep", seconds: 1 },
    { op: "fail", message: "no luck", permanent: true },
    { op: "flaky", failures: 1 },
    { op: "checkpoints", steps: 2, failAt: 1 },
    { op: "spin", seconds: 1 },
    { op: "result", bytes: 2_097_152 },
  ])("takes %j as any other does", (input) => {
    expect(safe.input.parse(input)).toEqual(full.input.parse(input));
  });

  it("differs in nothing else", () => {
    expect({ ...safe, input: undefined }).toEqual({ ...full, input: undefined });
  });
});
