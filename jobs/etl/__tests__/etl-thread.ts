import { parentPort, workerData } from "node:worker_threads";
import { testJob } from "@autoscaling-job-queues/worker/testing";
import etl from "../job.ts";

try {
  parentPort?.postMessage((await testJob(etl, { csv: workerData as string })).result);
} catch (error) {
  parentPort?.postMessage({ code: (error as { readonly code?: string }).code, message: String(error) });
}
