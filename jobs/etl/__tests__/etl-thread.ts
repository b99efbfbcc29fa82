import { parentPort, workerData } from "node:worker_threads";
import { testJob } from "@autoscaling-job-queues/worker/testing";
import etl from "../job.ts";

try {
  const { csv, as } = workerData as { readonly csv: string; readonly as: "text" | "file" };
  const { result } = as === "text" ? await testJob(etl, { csv }) : await testJob(etl, {}, { files: { data: { content: csv } } });
  parentPort?.postMessage(result);
} catch (error) {
  parentPort?.postMessage({ code: (error as { readonly code?: string }).code, message: String(error) });
}
