import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { threadRunner } from "../../../worker/runners/threads/thread-runner.ts";
import { buildRun } from "../../support/worker-run.ts";
import type { Breach } from "./breach.ts";

/** Leaves a global behind, and tells whether the job before has. */
const HANDLER = `
const input = { safeParseAsync: async (data) => ({ success: true, data }) };
export default { jobType: { input }, handler: () => { const found = "left" in globalThis; globalThis.left = true; return found; } };
`;
/** Jobs one after the other: with a thread in reserve, the second may be served by another one anyway. */
const JOBS = 6;
/** Until the look at a thread is over, in milliseconds. */
const LOOK_MS = 200;

/** Runs jobs that each leave a global behind, and looks whether one of them finds it. */
export async function leftInThread(): Promise<Breach[]> {
  const folder = await mkdtemp(path.join(tmpdir(), "left-in-thread-"));
  const file = path.join(folder, "job.mjs");
  await writeFile(file, HANDLER);
  const runner = threadRunner({
    handlerUrl: pathToFileURL(file).href,
    concurrency: 1,
    memoryMiB: 512,
    log: { strayError: () => {}, threadReplaced: () => {} },
  });
  try {
    for (let job = 0; job < JOBS; job += 1) {
      const outcome = await runner.run(buildRun());
      if (outcome.kind !== "returned") return [{ broken: 27, message: `a job ended otherwise: ${JSON.stringify(outcome)}` }];
      if (outcome.json === "true") return [{ broken: 27, message: "a job sees the global that an earlier one has left" }];
      await delay(LOOK_MS);
    }
    return [];
  } finally {
    await runner.close();
    await rm(folder, { recursive: true });
  }
}
