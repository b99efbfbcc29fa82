import { getEventListeners } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { describe, expect, it, vi } from "vitest";
import * as z from "zod";
import { TRACE_PARENT } from "../../../../domain/trace-parent.ts";
import { processRunner } from "../../../../worker/runners/commands/process-runner.ts";
import { RunningCommands } from "../../../../worker/runners/commands/processes.ts";
import type { Run } from "../../../../worker/runners/runner.ts";
import { commandSuite } from "../../../support/command-suite.ts";
import { shellRunner } from "../../../support/shell-runner.ts";
import { eventually } from "../../../support/worker-eventually.ts";
import { buildRun } from "../../../support/worker-run.ts";

const { folder, shell } = commandSuite();

/** A run that can be told to stop, and promises to say when its command is at work: when it logs `ready`. */
function stoppable() {
  const abort = new AbortController();
  const kill = new AbortController();
  const ready = Promise.withResolvers<void>();
  const lines: string[] = [];
  const log: Run["log"] = (_, message) => {
    lines.push(message);
    if (message === "ready") ready.resolve();
  };
  const overrides = { signal: abort.signal, kill: kill.signal, log };
  return { overrides, lines, ready: ready.promise, stop: () => abort.abort(new Error("stop")), kill: () => kill.abort() };
}

/** Waits until the process has ended; where nobody asks for its exit code, it stays listed as a zombie. */
async function gone(pid: number): Promise<void> {
  await eventually(async () => {
    const state = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
    if (!/\bZ\b/.test(state)) expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  });
}

describe("a command", () => {
  it("gets its input as JSON on standard input, and its result is the JSON on standard output", async () => {
    expect(await shell("cat", { input: '{"text":"ü\\n","list":[1]}' })).toEqual({
      kind: "returned",
      json: '{"text":"ü\\n","list":[1]}',
    });
  });

  it("has no result where it writes none", async () => {
    expect(await shell("cat > /dev/null; echo")).toEqual({ kind: "returned", json: undefined });
  });

  it("fails the job for good where its input is no JSON", async () => {
    expect(await shell("cat", { input: "{" })).toMatchObject({ kind: "failed", code: "InvalidInput", permanent: true });
  });

  it("has the last checkpoint in JOB_CHECKPOINT, where there is one", async () => {
    const script = 'printf "%s" "$JOB_CHECKPOINT"';
    expect(await shell(script, { resumeFrom: '{"id": 9007199254740993}' })).toMatchObject({ json: '{"id": 9007199254740993}' });
    expect(await shell("env | grep -q JOB_CHECKPOINT || echo null")).toMatchObject({ json: "null" });
    const largest = JSON.stringify("x".repeat(65_534));
    expect(await shell(script, { resumeFrom: largest })).toMatchObject({ json: largest });
    expect(await shell(script, { resumeFrom: `${largest} ` })).toMatchObject({ kind: "failed", code: "CheckpointTooLarge" });
  });

  it("has the place of its job in a trace in TRACEPARENT, where it is a part of one", async () => {
    const script = 'printf \'"%s"\' "$TRACEPARENT"';
    expect(await shell(script, { traceparent: TRACE_PARENT.example })).toMatchObject({ json: `"${TRACE_PARENT.example}"` });
    expect(await shell("env | grep -q TRACEPARENT || echo null")).toMatchObject({ json: "null" });
  });

  it("may end without reading its input", async () => {
    const large = JSON.stringify("x".repeat(1_000_000));
    expect(await shell("exec echo true", { input: large })).toEqual({ kind: "returned", json: "true" });
  });

  it("knows its job, and nothing of the worker's credentials and settings", async () => {
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
    vi.stubEnv("JOB_QUEUE_URL", "http://queue");
    vi.stubEnv("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/credentials");
    vi.stubEnv("DB_HOST", "db.example.com");
    const lines: string[] = [];
    const log: Run["log"] = (_, line) => void lines.push(line);
    await shell("env >&2", { attempt: 2, log });
    const names = lines.map((line) => line.split("=")[0]);
    expect(lines).toEqual(expect.arrayContaining(["JOB_ID=test_01J00000000000000000000000", "JOB_TYPE=test", "JOB_ATTEMPT=2"]));
    expect(names).toContain("PATH");
    expect(names.filter((name) => name?.startsWith("AWS") || name === "JOB_QUEUE_URL" || name === "DB_HOST")).toEqual([]);
  });

  it("gets the variables and secrets that its deployment names, and no others", async () => {
    vi.stubEnv("JOB_VARIABLES", "DB_HOST,DB_PASSWORD,NOT_SET");
    vi.stubEnv("DB_HOST", "db.example.com");
    vi.stubEnv("DB_PASSWORD", "a=b\nc");
    vi.stubEnv("OTHER", "1");
    expect(await shell(`printf '["%s"]' "$DB_HOST $OTHER $JOB_VARIABLES"`)).toMatchObject({ json: '["db.example.com  "]' });
    expect(await shell(`printf '%s' "$DB_PASSWORD" | wc -l`)).toMatchObject({ json: "1" });
  });

  it("reports progress by lines on standard error, and all other lines are logged", async () => {
    const progress = vi.fn();
    const log = vi.fn();
    const lines = [
      "progress 0.5 half way",
      "progress .75",
      "progress 1",
      "progress 2",
      "progress x",
      "progressing 0.1",
      "",
      "hello",
    ];
    await shell(`printf '%s\\n' ${lines.map((line) => `'${line}'`).join(" ")} >&2`, { progress, log });
    expect(progress.mock.calls).toEqual([
      [0.5, "half way"],
      [0.75, undefined],
      [1, undefined],
    ]);
    expect(log.mock.calls.map(([, line]) => line)).toEqual(["progress 2", "progress x", "progressing 0.1", "hello"]);
  });

  it("fails the attempt with its exit code and the last lines of its standard error", async () => {
    expect(await shell("for line in 1 2 3 4 5 6 7; do echo line $line >&2; done; exit 3")).toEqual({
      kind: "failed",
      code: "CommandFailed",
      message: "the command ended with exit code 3:\nline 3\nline 4\nline 5\nline 6\nline 7",
      permanent: false,
    });
  });

  it("fails the attempt with its exit code, or the signal that it died of, where it said nothing", async () => {
    expect(await shell("exit 3")).toMatchObject({ message: "the command ended with exit code 3" });
    expect(await shell("kill -9 $$")).toMatchObject({
      message: "the command ended with SIGKILL, as when the container is out of memory (container.memoryMiB)",
      permanent: false,
    });
  });

  it("fails the job for good with exit code 65", async () => {
    const outcome = {
      kind: "failed",
      code: "CommandFailed",
      message: "the command ended with exit code 65:\nno text",
      permanent: true,
    };
    expect(await shell("echo no text >&2; exit 65")).toEqual(outcome);
  });

  it("fails the job for good where its output is no JSON", async () => {
    expect(await shell("echo '{'")).toMatchObject({ code: "ResultNotSerializable", permanent: true });
  });

  it("fails the job for good where its output is larger than any result", async () => {
    const outcome = { kind: "failed", code: "ResultTooLarge", permanent: true };
    expect(await shell("head -c 80000000 /dev/zero; sleep 60")).toMatchObject(outcome);
  });

  it.each([
    ["Latin-1", "printf '\"caf\\351\"'", "byte 0xe9 at offset 4"],
    ["a character that is cut off", "printf '\"\\342\\202'", "byte 0xe2 at offset 1"],
  ])("fails the job for good where its output is %s: no byte is replaced", async (_, script, place) => {
    expect(await shell(script)).toEqual({
      kind: "failed",
      code: "ResultNotUtf8",
      message: `the command's standard output is not UTF-8: ${place}. Write UTF-8, or put other bytes into a file in $JOB_FILES`,
      permanent: true,
    });
    expect(await shell(`${script}; exit 3`)).toMatchObject({ code: "CommandFailed", permanent: false });
  });

  it("may write its result in pieces of characters, after a byte order mark", async () => {
    const euro = "printf '\\357\\273\\277\"\\342'; sleep 0.1; printf '\\202'; sleep 0.1; printf '\\254\"'";
    expect(await shell(euro)).toEqual({ kind: "returned", json: '"€"' });
  });

  it("leaves of its last lines what fits an error: the last ones, whole", async () => {
    const script = "for word in a b c; do printf '%0400d' 0 >&2; echo $word >&2; done; exit 1";
    const { message } = (await shell(script)) as { message: string };
    const zeros = "0".repeat(400);
    expect(message).toBe(`the command ended with exit code 1:\n${zeros}b\n${zeros}c`);
  });

  it("fails the job for good where there is no such program", async () => {
    const runner = processRunner({ command: ["no-such-program"], directory: folder(), jobType: { input: z.unknown() } });
    expect(await runner.run(buildRun())).toMatchObject({ code: "CommandNotFound", permanent: true });
    expect(await readdir(folder())).toEqual([]);
  });

  it("leaves no process of its group behind, nor waits for one", async () => {
    const lines: string[] = [];
    const outcome = await shell("sleep 60 & echo $! >&2; echo 1", { log: (_, line) => void lines.push(line) });
    expect(outcome).toEqual({ kind: "returned", json: "1" });
    await gone(Number(lines[0]));
  });
});

describe("a command whose processes cannot be ended", () => {
  it("is the last of its worker", async () => {
    const lines: string[] = [];
    const follow = RunningCommands.prototype.follow;
    vi.spyOn(RunningCommands.prototype, "follow").mockImplementation(function (this: RunningCommands, ...command) {
      const processes = follow.apply(this, command);
      return { ...processes, end: async () => (await processes.end()) + 1 };
    });
    const runner = shellRunner("echo 1", folder());
    const outcome = await runner.run(buildRun({ log: (level, line) => void lines.push(`${level}: ${line}`) }));
    expect(outcome).toEqual({ kind: "returned", json: "1" });
    expect(lines).toEqual(["error: processes of the command could not be ended"]);
    expect(await runner.run(buildRun())).toMatchObject({ kind: "notBegun", code: "ProcessesLeft" });
    expect(await readdir(folder())).toHaveLength(1);
    vi.restoreAllMocks();
  });
});

describe("a command that is told to stop", () => {
  it("gets SIGTERM, and may finish", async () => {
    const { overrides, ready, stop } = stoppable();
    const outcome = shell("trap 'echo 7; exit 0' TERM; echo ready >&2; sleep 60 & wait", overrides);
    await ready;
    stop();
    expect(await outcome).toEqual({ kind: "returned", json: "7" });
  });

  it("fails with the signal where it does not handle it", async () => {
    const { overrides, ready, stop } = stoppable();
    const outcome = shell("echo ready >&2; exec sleep 60", overrides);
    await ready;
    stop();
    expect(await outcome).toMatchObject({ kind: "failed", code: "CommandFailed", permanent: false });
  });

  it("is killed with its children where it ignores that", async () => {
    const { overrides, lines, ready, stop, kill } = stoppable();
    const outcome = shell("trap '' TERM; sleep 60 & echo $! >&2; echo ready >&2; wait; sleep 60", overrides);
    await ready;
    stop();
    kill();
    expect(await outcome).toMatchObject({ kind: "failed" });
    await gone(Number(lines[0]));
    expect(getEventListeners(overrides.signal, "abort")).toEqual([]);
  });

  it("ends at the kill though a process that left its group holds its output open", async () => {
    const { overrides, lines, ready, kill } = stoppable();
    const script =
      'const left = require("child_process").spawn("sleep", ["60"], { detached: true, stdio: "inherit" }); console.error(left.pid); left.unref()';
    const outcome = shell(`"${process.execPath}" -e '${script}'; echo ready >&2`, overrides);
    await ready;
    kill();
    expect(await outcome).toMatchObject({ kind: "failed" });
    process.kill(Number(lines[0]), "SIGKILL");
  });

  it("is stopped where it was told so before it started", async () => {
    const { overrides, stop, kill } = stoppable();
    stop();
    expect(await shell("sleep 60", overrides)).toMatchObject({ kind: "failed" });
    kill();
    expect(await shell("trap '' TERM; sleep 60", overrides)).toMatchObject({ kind: "failed" });
  });
});
