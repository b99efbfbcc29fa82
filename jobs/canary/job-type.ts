import { type Canary, readChoice } from "@autoscaling-job-queues/domain/environment";
import { followedBatch } from "@autoscaling-job-queues/domain/followed-batch";
import { defineJobType } from "@autoscaling-job-queues/domain/job-type";
import { MAX_BODY_BYTES, MAX_MESSAGE_CHARACTERS, MAX_RESULT_BYTES } from "@autoscaling-job-queues/domain/limits";
import * as z from "zod";

/** Longer than any attempt may take, so that a timeout can be provoked. */
const seconds = z.number().min(0).max(3_600);

/** Any of them may follow a batch. */
const batch = followedBatch.optional();

const result = (maxBytes: number) => z.strictObject({ op: z.literal("result"), bytes: z.int().min(1).max(maxBytes), batch });

const commonOperations = [
  z.strictObject({ op: z.literal("echo"), value: z.unknown(), batch }),
  z.strictObject({ op: z.literal("sleep"), seconds, batch }),
  z.strictObject({
    op: z.literal("fail"),
    message: z.string().min(1).max(MAX_MESSAGE_CHARACTERS),
    permanent: z.boolean().default(false),
    batch,
  }),
  z.strictObject({ op: z.literal("flaky"), failures: z.int().min(0).max(1_000), batch }),
  z.strictObject({
    op: z.literal("checkpoints"),
    steps: z.int().min(1).max(1_000),
    failAt: z.int().min(0).max(1_000).default(0),
    batch,
  }),
  z.strictObject({ op: z.literal("spin"), seconds, batch }),
  z.strictObject({ op: z.literal("digest"), batch }),
] as const;

/** They end the worker, or take its memory, with whatever else it runs. */
const breakingOperations = [
  z.strictObject({ op: z.literal("crash"), batch }),
  z.strictObject({ op: z.literal("allocate"), mebibytes: z.int().min(1).max(65_536), batch }),
] as const;

/** A caller has no more stored by a word than by sending it, and ten results at once leave the container its memory. */
const safeInput = z.discriminatedUnion("op", [...commonOperations, result(MAX_BODY_BYTES)]);
const fullInput = z.discriminatedUnion("op", [...commonOperations, result(MAX_RESULT_BYTES), ...breakingOperations]);

/** The canary as an environment has it: where that says "safe", API and workers alike refuse what breaks a worker. */
export const jobTypeIn = ({ canary }: { readonly canary: Canary }) =>
  defineJobType({
    name: "canary",
    description:
      "Checks a deployment, or breaks one on purpose: echoes, waits, fails, crashes, blocks, takes memory, or digests a file",
    input: canary === "safe" ? safeInput : fullInput,
    files: { data: { description: "What the operation digest reads", maxBytes: 1_000_000_000, required: false } },
    timeoutSeconds: 120,
    maxAttempts: 3,
    concurrency: 10,
    isolation: "thread",
    // Ten threads, each with a heap of its own.
    container: { cpu: 256, memoryMiB: 1024 },
  });

export const canaryJob = jobTypeIn({ canary: readChoice("canary") });

export default canaryJob;
