import { hasEnded, type Job } from "@autoscaling-job-queues/client/job";
import type { JobsClient } from "@autoscaling-job-queues/client/jobs-client";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { JOB_COLUMNS, jobLines, progressText } from "../output/job-view.ts";
import type { Cli } from "../verb.ts";
import { untilNextLook } from "./next-look.ts";

/** Waits for jobs, and shows each as it ends. @returns done where all SUCCEEDED. */
export async function waitFor(
  { out, signal }: Pick<Cli, "out" | "signal">,
  client: JobsClient,
  ids: readonly string[],
  concurrency?: number,
): Promise<ExitCode> {
  const ended: Job[] = [];
  const stopped = new AbortController();
  const [only] = ids;
  const looked =
    ids.length === 1 && only !== undefined && out.isInteractive ? lookAt(client, only, out, stopped.signal) : undefined;
  const bar = looked === undefined ? out.progress("waiting", ids.length) : undefined;
  try {
    for await (const job of client.waitAll(ids, { signal, ...(concurrency === undefined ? {} : { concurrency }) })) {
      ended.push(job);
      bar?.update(ended.length);
      if (out.isJson) await out.json(job);
    }
  } finally {
    stopped.abort();
    await looked;
    bar?.end();
  }
  const [first] = ended;
  if (!out.isJson) {
    await out.lines(ended.length === 1 && first !== undefined ? jobLines(first) : out.table(ended, JOB_COLUMNS));
  }
  return ended.every(({ status }) => status === "SUCCEEDED") ? EXIT.done : EXIT.failed;
}

/** Shows how far one job is while it is waited for. */
async function lookAt(client: JobsClient, id: string, out: Cli["out"], signal: AbortSignal): Promise<void> {
  const bar = out.progress("waiting", 100, "%");
  try {
    while (!signal.aborted) {
      const job = await client.get(id, { signal });
      const { status, progress } = job;
      bar.update(
        Math.floor((progress?.fraction ?? 0) * 100),
        progress === undefined ? status : `${status} ${progressText(progress)}`,
      );
      if (hasEnded(job)) return;
      await untilNextLook(signal);
    }
  } catch {
    // The wait itself tells what is wrong.
  } finally {
    bar.end();
  }
}
