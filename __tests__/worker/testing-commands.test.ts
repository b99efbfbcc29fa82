import { existsSync } from "node:fs";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { defineJobType } from "@autoscaling-job-queues/domain/job-type";
import { type TestCommandSettings, testCommand } from "@autoscaling-job-queues/worker/testing";
import { beforeEach, describe, expect, it } from "vitest";
import * as z from "zod";
import { temporaryFolder } from "../support/temporary-folder.ts";

let bin: string;
beforeEach(async () => {
  bin = path.join(await temporaryFolder("command"), "bin");
  await mkdir(bin);
});

const greetingJob = defineJobType({
  name: "greeting",
  description: "Greets",
  input: z.object({ name: z.string(), polite: z.boolean().default(true) }),
  files: { list: { description: "Names", maxBytes: 1_000, required: false } },
  timeoutSeconds: 60,
  graceSeconds: 20,
  isolation: "process",
  command: ["sh", "job.sh"],
});

/** Runs a script of the shell as the command of a greeting. */
async function run(script: string, settings: Partial<TestCommandSettings<"list">> = {}, input: unknown = { name: "Ada" }) {
  await writeFile(path.join(bin, "job.sh"), script);
  return await testCommand(greetingJob, input, { bin: pathToFileURL(`${bin}/`), ...settings });
}

describe("testCommand", () => {
  it("runs the command in its folder, with the parsed input, and has its result, files, progress and lines", async () => {
    await writeFile(path.join(bin, "text"), "Hello");
    const { result, files, progress, logs, checkpoints } = await run(`
      echo "progress 0.5 writing" >&2
      echo "a line" >&2
      cp text "$JOB_FILES/hello.txt"
      printf '{"input":%s,"attempt":%s,"type":"%s"}' "$(cat)" "$JOB_ATTEMPT" "$JOB_TYPE"
    `);
    expect(result).toMatchObject({ input: { name: "Ada", polite: true }, attempt: 1, type: "greeting" });
    expect(result).toMatchObject({ files: { "hello.txt": { bytes: 5, contentType: "text/plain" } } });
    expect(files).toEqual(new Map([["hello.txt", { bytes: new TextEncoder().encode("Hello"), contentType: "text/plain" }]]));
    expect(progress).toEqual([{ fraction: 0.5, message: "writing" }]);
    expect(logs).toEqual([{ level: "info", message: "a line" }]);
    expect(checkpoints).toEqual([]);
  });

  it("has no result where the command writes none", async () => {
    expect((await run("true")).result).toBeUndefined();
  });

  it("gives the command the files that the job is added with, and no other", async () => {
    const files = { list: { content: "Ada\nGrace\n", contentType: "text/plain" } };
    expect((await run(`wc -l < "$JOB_INPUT_FILES/list"`, { files })).result).toBe(2);
    expect((await run(`echo "\${JOB_INPUT_FILES-null}"`)).result).toBeNull();
  });

  it("resumes from a checkpoint, and has those of an attempt that fails", async () => {
    const script = `
      last=\${JOB_CHECKPOINT:-0}
      echo "checkpoint $((last + 1))" >&2
      [ "$JOB_ATTEMPT" = 2 ] && echo "$last" && exit
      echo "no more" >&2
      exit 3`;
    const first = await run(script).catch((error) => error);
    expect(first).toMatchObject({
      name: "TestedJobError",
      code: "CommandFailed",
      message: "the command ended with exit code 3:\nno more",
      permanent: false,
      job: { checkpoints: [1], logs: [{ level: "info", message: "no more" }] },
    });
    expect(await run(script, { attempt: 2, resumeFrom: first.job.checkpoints.at(-1) })).toMatchObject({
      result: 1,
      checkpoints: [2],
    });
  });

  it.each([
    ["exit 65", { code: "CommandFailed", permanent: true }],
    ["echo nonsense", { code: "ResultNotSerializable", permanent: true }],
    [`: > "$JOB_FILES/a b.txt"`, { code: "InvalidFileName", permanent: true }],
    ["kill -KILL $$", { code: "CommandFailed", permanent: false, message: expect.stringContaining("out of memory") }],
  ])("fails as the job would: %s", async (script, failure) => {
    await expect(run(script)).rejects.toMatchObject({ name: "TestedJobError", ...failure });
  });

  it("starts nothing for an input that the worker would refuse", async () => {
    await expect(run('touch "$(dirname "$0")/started"', {}, { name: 7 })).rejects.toMatchObject({
      code: "InvalidInput",
      message: expect.stringContaining("/input/name: "),
    });
  });

  it("says that a program is not installed", async () => {
    const missing = { ...greetingJob, command: ["no-such-program-of-ours"] as const };
    await expect(testCommand(missing, { name: "Ada" }, { bin })).rejects.toMatchObject({
      code: "CommandNotFound",
      permanent: true,
    });
  });

  it("runs programs of the folder by their path", async () => {
    await writeFile(path.join(bin, "greet"), "#!/bin/sh\necho 1\n");
    await chmod(path.join(bin, "greet"), 0o755);
    const own = { ...greetingJob, command: ["./greet"] as const };
    expect((await testCommand(own, { name: "Ada" }, { bin })).result).toBe(1);
  });

  it("stops a command that runs out of time, in order", async () => {
    const script = `trap 'echo stopped >&2; exit 1' TERM; echo ready >&2; while :; do sleep 0.05; done`;
    await expect(run(script, { timeoutSeconds: 1 })).rejects.toMatchObject({
      code: "JobTimeout",
      message: expect.stringMatching(/^the attempt took longer than 1 s \(the command ended with exit code 1:[\s\S]+stopped\)$/),
      permanent: false,
    });
  });

  it("kills one that does not stop within its grace", async () => {
    const script = `trap '' TERM; while :; do sleep 0.05; done`;
    await expect(run(script, { timeoutSeconds: 0.5, graceSeconds: 0.2 })).rejects.toMatchObject({
      code: "JobTimeout",
      message: expect.stringContaining("did not stop within its grace"),
    });
  });

  it("tells the command of a cancel as the worker does", async () => {
    const abort = new AbortController();
    const script = `trap 'echo "checkpoint 7" >&2; exit 143' TERM; touch ready; while :; do sleep 0.05; done`;
    const failed = run(script, { signal: abort.signal }).catch((error) => error);
    await expect.poll(() => existsSync(path.join(bin, "ready"))).toBe(true);
    abort.abort(new Error("the job was cancelled"));
    expect(await failed).toMatchObject({ name: "TestedJobError", code: "CommandFailed", job: { checkpoints: [7] } });
  });

  it("gives the command what its deployment names, and nothing else of the test's environment", async () => {
    const { result } = await run(`printf '["%s","%s"]' "$DB_HOST" "$NODE_ENV"`, { variables: { DB_HOST: "db.example.com" } });
    expect(result).toEqual(["db.example.com", ""]);
  });

  it("is for types with a command", async () => {
    const inThread = defineJobType({ name: "plain", description: "Plain", input: z.unknown(), timeoutSeconds: 1 });
    await expect(testCommand(inThread, {}, { bin })).rejects.toThrow(
      "the job type plain has no command; test its handler with testJob",
    );
  });
});
