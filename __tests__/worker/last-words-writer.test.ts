import { describe, expect, it, vi } from "vitest";
import type { LastWords } from "../../domain/last-words.ts";
import { LastWordsWriter } from "../../worker/last-words-writer.ts";
import { workerName } from "../../worker/worker-name.ts";

const START = Date.parse("2026-11-01T03:00:00.000Z");
const denied = (): Error => Object.assign(new Error("not authorized"), { name: "AccessDeniedException" });

/** A writer with a clock that is set, and what it wrote. */
function writer(write: (words: LastWords) => Promise<void> = async () => {}) {
  const written: string[] = [];
  const onFailure = vi.fn();
  let now = START;
  const words = new LastWordsWriter({
    store: {
      write: async (said) => {
        written.push(`${said.kind} ${said.error.code}`);
        await write(said);
      },
      withdraw: async ({ at }) => void written.push(`withdraw ${at}`),
    },
    worker: "task-1",
    image: "4a5b6c7d8e9f",
    now: () => now,
    onFailure,
  });
  return { words, written, onFailure, later: (seconds: number) => (now += seconds * 1_000) };
}

describe("the words of a worker that cannot work", () => {
  it("are written once a minute at most, whatever fails how often", async () => {
    const { words, written, later } = writer();
    for (const step of ["receive", "claim", "start"] as const) words.failed(step, denied());
    later(59.999);
    words.failed("claim", denied());
    later(0.001);
    words.failed("start", { code: "ENOSPC", message: "no space left" });
    await words.written();
    expect(written).toEqual(["claim AccessDeniedException", "start ENOSPC"]);
  });

  it("are written, though the clock was set back since the last ones", async () => {
    const { words, written, later } = writer();
    words.failed("claim", denied());
    later(-3_600);
    words.failed("claim", denied());
    words.failed("claim", denied());
    await words.written();
    expect(written).toEqual(["claim AccessDeniedException", "claim AccessDeniedException"]);
  });

  it("say who it is, and what failed, without a stack and no longer than a job's error", async () => {
    const said: LastWords[] = [];
    const { words } = writer(async (given) => void said.push(given));
    words.failed("claim", Object.assign(new Error("x".repeat(5_000)), { name: "ValidationException" }));
    await words.written();
    expect(said).toEqual([
      {
        kind: "claim",
        error: { code: "ValidationException", message: `${"x".repeat(999)}…` },
        worker: "task-1",
        image: "4a5b6c7d8e9f",
        at: "2026-11-01T03:00:00.000Z",
      },
    ]);
  });

  it("are taken back when what failed works again, and only then", async () => {
    const { words, written } = writer();
    words.worked("claim");
    words.failed("claim", denied());
    words.worked("receive");
    await words.written();
    expect(written).toEqual(["claim AccessDeniedException"]);
    words.worked("claim");
    words.worked("claim");
    await words.written();
    expect(written).toEqual(["claim AccessDeniedException", "withdraw 2026-11-01T03:00:00.000Z"]);
  });

  it("cost nobody anything where they cannot be written", async () => {
    const { words, onFailure } = writer(() => Promise.reject(denied()));
    words.failed("claim", new Error("first"));
    await words.written();
    expect(onFailure.mock.calls).toEqual([[denied()]]);
  });

  it("keep the end of a worker two seconds at most", async () => {
    const { words } = writer(() => new Promise(() => {}));
    words.failed("start", denied());
    const began = performance.now();
    await words.written();
    expect(performance.now() - began).toBeGreaterThan(1_900);
  });
});

describe("a worker's name", () => {
  it.each([
    ["http://169.254.170.2/api/cd189a933e5849daa93386466019ab50-2495160603", "cd189a933e5849daa93386466019ab50"],
    ["http://127.0.0.1:4000/cd189a933e5849daa93386466019ab50", "cd189a933e5849daa93386466019ab50"],
  ])("is its task's ID where its agent is %s", (agentUri, name) => {
    expect(workerName(agentUri)).toBe(name);
  });

  it("is host and process elsewhere", () => {
    expect(workerName(undefined)).toMatch(new RegExp(`^.+/${process.pid}$`));
    expect(workerName("http://169.254.170.2/api/9781c248-0edd-4cdb-9a93-f63cb662a5d3")).toMatch(/\/\d+$/);
  });
});
