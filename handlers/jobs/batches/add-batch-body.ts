import { MAX_BATCH_ITEMS } from "@autoscaling-job-queues/domain/limits";
import { ADD_JOB_BODY, type AddJobBody } from "../add-job-body.ts";

/** One job of a batch, as it is asked for. */
export type AddBatchItem = Pick<AddJobBody, "input" | "files" | "groupId" | "tags">;

/** The body of `POST /batches`, once it has met `ADD_BATCH_BODY`. */
export interface AddBatchBody {
  readonly type: string;
  readonly items: readonly AddBatchItem[];
  readonly onComplete?: { readonly type: string; readonly input: Readonly<Record<string, unknown>> };
  readonly tags?: Readonly<Record<string, string>>;
}

const { type, input, files, groupId, tags } = ADD_JOB_BODY.properties;

/** JSON Schema of the body of `POST /batches`. */
export const ADD_BATCH_BODY = {
  type: "object",
  additionalProperties: false,
  required: ["type", "items"],
  properties: {
    type: { ...type, description: "The job type of all items, see GET /job-types." },
    items: {
      type: "array",
      minItems: 1,
      maxItems: MAX_BATCH_ITEMS,
      description: "The jobs, each of which is as in POST /jobs. They are added all, or none of them.",
      items: {
        type: "object",
        additionalProperties: false,
        required: ["input"],
        properties: { input, files, groupId, tags },
      },
    },
    onComplete: {
      type: "object",
      additionalProperties: false,
      required: ["type", "input"],
      description:
        "A job that is added when all jobs of the batch have ended, whatever their ends. It is the caller's, has the batch's tags, and its " +
        "input gets a member `batch` with the batch's `id`, `total`, `succeeded`, `failed` and `cancelled`.",
      properties: {
        type: { ...type, description: "The name of a job type, of any. It must need no files." },
        input: {
          type: "object",
          description: "What that job works on, without `batch`; with it, it must meet its type's schema.",
        },
      },
    },
    tags: { ...tags, description: "Labels of all its jobs; an item's own of the same name come first." },
  },
} as const;
