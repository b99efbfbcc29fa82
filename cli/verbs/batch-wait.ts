import type { Batch, BatchOrId, JobsClient } from "@autoscaling-job-queues/client/jobs-client";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { batchLines } from "../output/batch-view.ts";
import { type Cli, defineVerb } from "../verb.ts";
import { untilNextLook } from "./next-look.ts";

export const batchWaitVerb = defineVerb<object, [string]>({
  name: "batch wait",
  summary: "wait until all jobs of a batch have ended",
  details: "The exit code is 0 only if all SUCCEEDED. Ctrl-C ends the wait; the jobs go on.",
  arguments: [{ name: "<batch>", description: "the batch's ID" }],
  examples: [{ command: "jobs batch wait word-count_batch_7KVW98RN72NZS8EDJSKM5CQQFX", does: "wait for a batch" }],
  run: async (cli, [id]) => await waitForBatch(cli, await cli.client(), id),
});

/** Waits for a batch, and shows how far it is. @returns done where all its jobs SUCCEEDED. */
export async function waitForBatch({ out, signal }: Cli, client: JobsClient, batch: BatchOrId): Promise<ExitCode> {
  const stopped = new AbortController();
  const looked = out.isInteractive ? look(client, batch, out, stopped.signal) : undefined;
  let complete: Batch;
  try {
    complete = await client.waitForBatch(batch, { signal });
  } finally {
    stopped.abort();
    await looked;
  }
  await out.result(complete, () => batchLines(complete));
  return complete.succeeded === complete.total ? EXIT.done : EXIT.failed;
}

async function look(client: JobsClient, batch: BatchOrId, out: Cli["out"], signal: AbortSignal): Promise<void> {
  try {
    const { total } = await client.getBatch(batch, { signal });
    const bar = out.progress("waiting", total);
    try {
      while (!signal.aborted) {
        const { pending, failed } = await client.getBatch(batch, { signal });
        bar.update(total - pending, failed === 0 ? "" : `${failed} failed`);
        await untilNextLook(signal);
      }
    } finally {
      bar.end();
    }
  } catch {
    // The wait itself tells what is wrong.
  }
}
