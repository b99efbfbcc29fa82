import { writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { JobEvent } from "../../local/event-subscriber.ts";
import { failureLines } from "../../local/failure-lines.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const STACK = "RangeError: too far\n    at reach (jobs/report/job.ts:12:9)\ncaused by:\n  Error: no way";
const failed = (jobId: string, attempt: number, more: object) =>
  JSON.stringify({ level: "WARN", message: "job failed; it will be retried", jobId, attempt, reason: "RangeError", ...more });
const event = (id: string, attempt: number, error: JobEvent["error"] | undefined = { code: "RangeError", message: "too far" }) =>
  ({ id, type: "report", attempt, error }) as JobEvent;

let logs: string;
const written = (file: string): string => `log: ${path.relative(process.cwd(), path.join(logs, file))}`;

beforeAll(async () => {
  logs = await temporaryFolder("failure-lines");
  await writeFile(
    path.join(logs, "report-1.log"),
    [
      "Debugger attached.",
      JSON.stringify({ level: "INFO", message: "a handler's line", jobId: "a", attempt: 1, stack: "not this" }),
      failed("a", 1, { stack: STACK }),
      failed("a", 2, { stack: "Error: again\n    at jobs/report/job.ts:13:1" }),
      failed("command", 1, {}),
      failed("deep", 1, { stack: Array.from({ length: 100 }, (_, line) => `line ${line}`).join("\n") }),
      '{"level":"WARN","jobId":"a","attempt":3,"reason":"cut',
    ].join("\n"),
  );
  await writeFile(path.join(logs, "report-2.log"), `${"x".repeat(2_000_000)}\n${failed("late", 1, { stack: STACK })}\n`);
  await writeFile(path.join(logs, "other-1.log"), failed("b", 1, { stack: STACK }));
});

describe("what npm start says of a failure beside its event", () => {
  it("is the stack of that attempt, and the log that has it", async () => {
    expect(await failureLines(logs, event("a", 1))).toEqual([...STACK.split("\n"), written("report-1.log")]);
    const second = ["Error: again", "    at jobs/report/job.ts:13:1", written("report-1.log")];
    expect(await failureLines(logs, event("a", 2))).toEqual(second);
  });

  it("is found at the end of a long log", async () => {
    expect((await failureLines(logs, event("late", 1))).at(-1)).toBe(written("report-2.log"));
  });

  it("is the log alone where there is no stack, as of a command", async () => {
    expect(await failureLines(logs, event("command", 1))).toEqual([written("report-1.log")]);
  });

  it("is no more of a stack than a terminal shows", async () => {
    const lines = await failureLines(logs, event("deep", 1));
    expect(lines).toHaveLength(32);
    expect(lines.slice(-2)).toEqual(["… 70 more lines", written("report-1.log")]);
  });

  it.each([
    ["no failure", { ...event("a", 1), error: undefined } as unknown as JobEvent],
    ["an attempt that no log has", event("a", 9)],
    ["an attempt whose line is cut", event("a", 3)],
    ["a job of another type", event("b", 1)],
  ])("is nothing of %s", async (_, of) => {
    expect(await failureLines(logs, of)).toEqual([]);
  });
});
