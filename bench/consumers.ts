import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Reading } from "./consumer-process.ts";
import { echoJobType } from "./echo-job.ts";
import { onStage } from "./stage.ts";

/** Lines of a consumer's log that tell why it ended early. */
const LOG_LINES = 5;
const SPARE_JOBS = 200;

/**
 * Runs a consumer on fresh emulators that hold enough echo jobs for the last mark, and some more, so that it never runs dry.
 *
 * @param options its arguments before the marks.
 * @returns its readings.
 */
export async function runConsumer(
  program: "our-consumer" | "plain-consumer" | "raw-consumer" | "thread-consumer",
  marks: readonly number[],
  options: readonly string[] = [],
): Promise<Reading[]> {
  return await onStage(echoJobType, async ({ emulators, environment, add }) => {
    await add(Math.max(...marks) + SPARE_JOBS);
    const folder = mkdtempSync(path.join(tmpdir(), "bench-"));
    const log = path.join(folder, `${program}.log`);
    const output = openSync(log, "w");
    const child = spawn(
      process.execPath,
      ["--expose-gc", fileURLToPath(new URL(`./${program}.ts`, import.meta.url)), ...options, ...marks.map(String)],
      { stdio: ["ignore", output, "inherit", "pipe"], env: environment },
    );
    const ended = once(child, "exit");
    try {
      const readings: Reading[] = [];
      for await (const line of createInterface({ input: child.stdio[3] as NodeJS.ReadableStream })) {
        const counts = Object.values(await emulators.requestCounts());
        readings.push({ ...JSON.parse(line), calls: counts.reduce((sum, count) => sum + count, 0) });
        if (readings.length === marks.length) return readings;
      }
      const lines = readFileSync(log, "utf8").trimEnd().split("\n").slice(-LOG_LINES).join("\n");
      throw new Error(`${program} ended before it had done its jobs:\n${lines}`);
    } finally {
      child.kill("SIGKILL");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    }
  });
}
