import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { build } from "esbuild";
import canary from "../jobs/canary/job-type.ts";
import { NODE_BUNDLE } from "../scripts/esbuild-options.ts";
import { preciseNow, timeCalls } from "./call-times.ts";
import { onStage } from "./stage.ts";

/** Milliseconds from the start of a process. */
export interface ColdStart {
  readonly firstCallMs: number;
  readonly claimMs: number;
}

/** Programs as they are deployed: one file with all that it needs. */
export type Started = "worker" | "bare consumer";
const FOLDER = "dist/bench/consumer";
const PROGRAMS: Readonly<Record<Started, readonly string[]>> = {
  worker: [`dist/workers/${canary.name}/worker.mjs`],
  "bare consumer": [path.join(FOLDER, "plain-consumer.mjs"), "1"],
};

/** Starts a program that finds a job, once for each name, so often; the programs take turns. @returns their starts. */
export async function measureColdStarts(rounds: number): Promise<Record<Started, ColdStart[]>> {
  await build({ ...NODE_BUNDLE, entryPoints: ["bench/plain-consumer.ts"], outdir: FOLDER });
  return await onStage(canary, async ({ endpoints, environment, add }) => {
    const starts: Record<Started, ColdStart[]> = { worker: [], "bare consumer": [] };
    for (let round = 0; round < rounds; round += 1) {
      for (const name of Object.keys(PROGRAMS) as Started[]) {
        await add(1);
        starts[name].push(await start(PROGRAMS[name], endpoints.dynamodb, environment));
      }
    }
    return starts;
  });
}

async function start(program: readonly string[], dynamodb: string, environment: NodeJS.ProcessEnv): Promise<ColdStart> {
  const claimed = Promise.withResolvers<number>();
  let firstCall: number | undefined;
  const table = await timeCalls(dynamodb, ({ operation, at, answeredAt }) => {
    firstCall ??= at;
    if (operation === "UpdateItem") claimed.resolve(answeredAt);
  });
  // As in a container: the worker looks for what others have left there.
  const temporary = mkdtempSync(path.join(tmpdir(), "bench-"));
  const startedAt = preciseNow();
  const child = spawn(process.execPath, program, {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...environment, AWS_ENDPOINT_URL_DYNAMODB: table.url, TMPDIR: temporary },
  });
  const ended = once(child, "exit");
  try {
    const claimedAt = await Promise.race([
      claimed.promise,
      ended.then(() => Promise.reject(new Error("it ended before a claim"))),
    ]);
    return { firstCallMs: (firstCall ?? claimedAt) - startedAt, claimMs: claimedAt - startedAt };
  } finally {
    child.kill("SIGKILL");
    await ended;
    table.close();
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** Milliseconds that Node itself takes, from the start of its process to its end. */
export function nodeStartMs(): number {
  const startedAt = performance.now();
  spawnSync(process.execPath, ["-e", "0"]);
  return performance.now() - startedAt;
}
