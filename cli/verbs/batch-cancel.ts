import { EXIT } from "../exit-codes.ts";
import { batchLines } from "../output/batch-view.ts";
import { defineVerb } from "../verb.ts";

export const batchCancelVerb = defineVerb<object, [string]>({
  name: "batch cancel",
  summary: "cancel the jobs of a batch that have not ended",
  details: "Those that run are asked to stop, and may take a while: jobs batch wait waits for them.",
  arguments: [{ name: "<batch>", description: "the batch's ID" }],
  examples: [{ command: "jobs batch cancel word-count_batch_7KVW98RN72NZS8EDJSKM5CQQFX", does: "cancel a batch" }],
  run: async ({ client, out, signal }, [id]) => {
    const batch = await (await client()).cancelBatch(id, { signal });
    await out.result(batch, () => batchLines(batch));
    return EXIT.done;
  },
});
