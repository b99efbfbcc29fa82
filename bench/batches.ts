import { MAX_BATCH_ITEMS } from "@autoscaling-job-queues/domain/limits";
import { startPlatform } from "../local/platform.ts";
import { median } from "./median.ts";

/** What adding as many jobs in one request as it may have takes. */
export interface BatchReading {
  readonly jobs: number;
  readonly seconds: number;
  /** To SQS, SNS, S3 and DynamoDB. */
  readonly callsPerJob: number;
}

const RUNS = 5;

/** Adds batches to the platform of this machine, whose jobs wait: no worker takes a part of it. */
export async function measureBatch(): Promise<BatchReading> {
  const platform = await startPlatform({ jobTypes: ["canary"], maxWorkers: 0, events: false, report: () => undefined });
  try {
    const items = Array.from({ length: MAX_BATCH_ITEMS }, (_, value) => ({ input: { op: "echo", value } }));
    const body = JSON.stringify({ type: "canary", items });
    const add = async (key: string): Promise<number> => {
      const start = performance.now();
      const headers = { "content-type": "application/json", "idempotency-key": key };
      const { status } = await fetch(`${platform.api}/batches`, { method: "POST", headers, body });
      if (status !== 202) throw new Error(`a batch was answered with ${status}`);
      return (performance.now() - start) / 1_000;
    };
    // So that no code is compiled while it is measured.
    await add("warm-up");
    await platform.emulators?.resetRequestCounts();
    const times: number[] = [];
    for (let run = 0; run < RUNS; run += 1) times.push(await add(`run-${run}`));
    const counts = Object.values((await platform.emulators?.requestCounts()) ?? {});
    const calls = counts.reduce((sum, count) => sum + count, 0);
    return { jobs: MAX_BATCH_ITEMS, seconds: median(times), callsPerJob: calls / RUNS / MAX_BATCH_ITEMS };
  } finally {
    await platform.stop();
  }
}
