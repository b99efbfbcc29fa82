import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { timeCalls } from "./call-times.ts";
import { echoJobType } from "./echo-job.ts";
import { median } from "./median.ts";
import { onStage } from "./stage.ts";

/** Jobs of a run, one after the other; the first only warm it up. */
const JOBS = { warmUp: 10, measured: 30 } as const;

/** Milliseconds from a job's end to the answer to its event, of jobs that come alone: the median. */
export async function measureLoneJobs(program: "lone-worker" | "lone-raw"): Promise<number> {
  return await onStage(echoJobType, async ({ endpoints, environment, add }) => {
    let told: (ms: number) => void = () => {};
    const sns = await timeCalls(endpoints.sns, ({ body, answeredAt }) => {
      const endedAt = /endedAt\D+(?<time>[\d.]+)/.exec(decodeURIComponent(body))?.groups?.time;
      if (endedAt !== undefined) told(answeredAt - Number(endedAt));
    });
    const child = spawn(process.execPath, [fileURLToPath(new URL(`./${program}.ts`, import.meta.url))], {
      stdio: ["ignore", "ignore", "inherit"],
      env: { ...environment, AWS_ENDPOINT_URL_SNS: sns.url },
    });
    const ended = once(child, "exit");
    try {
      const times: number[] = [];
      while (times.length < JOBS.warmUp + JOBS.measured) {
        const published = new Promise<number>((resolve) => {
          told = resolve;
        });
        await add(1);
        times.push(await Promise.race([published, ended.then(() => Promise.reject(new Error(`${program} ended`)))]));
      }
      return median(times.slice(JOBS.warmUp));
    } finally {
      child.kill("SIGKILL");
      await ended;
      sns.close();
    }
  });
}
