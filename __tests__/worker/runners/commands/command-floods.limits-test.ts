import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import type { RunOutcome } from "../../../../worker/runners/runner.ts";

interface Ended {
  readonly outcome: RunOutcome;
  readonly said: { readonly lines: number; readonly characters: number; readonly dropped: number; readonly progress: number };
}

const PROGRAM = fileURLToPath(new URL("../../../support/command-program.ts", import.meta.url));
/** A process with nothing to do has some 100 MiB, and the floods are of 400 MB. */
const MOST_MIB = 300;
const TIMEOUT_MS = 120_000;

/** Runs scripts at the same time in a process of their own. */
async function commands(...scripts: string[]): Promise<{ readonly ended: readonly Ended[]; readonly mostMiB: number }> {
  const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM, JSON.stringify(scripts)]);
  return JSON.parse(stdout);
}

const NEIGHBOUR = "cat";
const NEIGHBOURS_END = { outcome: { kind: "returned", json: "{}" }, said: { lines: 0, characters: 0, dropped: 0, progress: 0 } };

describe("a command that floods its worker", { timeout: TIMEOUT_MS }, () => {
  it("with 400 MB of standard error without a newline has one line logged, and harms no neighbour", async () => {
    const { ended, mostMiB } = await commands("head -c 400000000 /dev/zero | tr '\\0' x >&2; echo 1", NEIGHBOUR);
    expect(ended).toEqual([
      {
        outcome: { kind: "returned", json: "1" },
        said: { lines: 1, characters: 65_536 + " [cut at 65536 bytes]".length, dropped: 0, progress: 0 },
      },
      NEIGHBOURS_END,
    ]);
    expect(mostMiB).toBeLessThan(MOST_MIB);
  });

  it("with 300 MB of lines has what is over the limit dropped and counted, and its last words heard", async () => {
    const line = "hello ".repeat(33);
    const { ended, mostMiB } = await commands(`yes '${line}' | head -n 1500000 >&2; echo sorry >&2; exit 1`, NEIGHBOUR);
    const [{ outcome, said } = {} as Ended, neighbour] = ended;
    const lastWords = [line, line, line, line, "sorry"].join("\n");
    expect(outcome).toMatchObject({ message: `the command ended with exit code 1:\n${lastWords}` });
    expect(said.dropped).toBeGreaterThan(1_000_000);
    // Those that say how many were dropped are lines too.
    expect(said.dropped + said.lines).toBeGreaterThanOrEqual(1_500_001);
    expect(neighbour).toEqual(NEIGHBOURS_END);
    expect(mostMiB).toBeLessThan(MOST_MIB);
  });

  it("with what begins like progress and does not end has it logged", async () => {
    const digits = "head -c 120000 /dev/zero | tr '\\0' 1";
    const { ended } = await commands(`{ printf 'progress '; ${digits}; echo x; } >&2; echo 1`, NEIGHBOUR);
    expect(ended).toMatchObject([
      { outcome: { kind: "returned", json: "1" }, said: { lines: 1, progress: 0, characters: expect.any(Number) } },
      NEIGHBOURS_END,
    ]);
  });

  it("with 400 MB of result fails for good, and is stopped", async () => {
    const { ended, mostMiB } = await commands("head -c 400000000 /dev/zero; sleep 600", NEIGHBOUR);
    expect(ended).toMatchObject([{ outcome: { code: "ResultTooLarge", permanent: true } }, NEIGHBOURS_END]);
    expect(mostMiB).toBeLessThan(MOST_MIB);
  });
});
