import { PublishBatchCommand } from "@aws-sdk/client-sns";
import {
  ChangeMessageVisibilityBatchCommand,
  type ChangeMessageVisibilityBatchCommandInput,
  DeleteMessageBatchCommand,
  type DeleteMessageBatchCommandInput,
  SendMessageBatchCommand,
  type SendMessageBatchCommandInput,
} from "@aws-sdk/client-sqs";
import type { AwsTry, CallOutput } from "../world/call-gate.ts";
import type { World } from "../world/world.ts";

export interface Entry {
  readonly Id: string;
  readonly ReceiptHandle?: string;
}

/** An entry's failure, as AWS tells it within an answer of 200. */
export interface Failure {
  readonly Code: string;
  readonly SenderFault: boolean;
}

export const INTERNAL_ERROR: Failure = { Code: "InternalError", SenderFault: false };
export const STALE_HANDLE: Failure = { Code: "ReceiptHandleIsInvalid", SenderFault: true };

/** The entries of a try of a batch operation. */
export function entriesOf({ input }: AwsTry): readonly Entry[] {
  return (input.Entries ?? input.PublishBatchRequestEntries ?? []) as readonly Entry[];
}

/** Lets only some entries of a batch take effect; the answer says that the others failed. */
export async function performBut(world: World, attempt: AwsTry, failed: ReadonlySet<Entry>, failure: Failure) {
  const entries = entriesOf(attempt).filter((entry) => !failed.has(entry));
  const done = entries.length === 0 ? { $metadata: {}, Successful: [] } : await performEntries(world, attempt, entries);
  const failures = [...failed].map(({ Id }) => ({ Id, ...failure, Message: "injected" }));
  return { ...done, Failed: [...((done as { Failed?: object[] }).Failed ?? []), ...failures] };
}

/** Answers that entries were deleted, although their messages stay and come back when their visibility timeouts end. */
export async function forgetDeletes(world: World, attempt: AwsTry, kept: ReadonlySet<Entry>): Promise<CallOutput> {
  const done = await performBut(world, attempt, kept, INTERNAL_ERROR);
  const successes = [...kept].map(({ Id }) => ({ Id }));
  const call = { by: attempt.process.name, command: attempt.operation, input: { ...attempt.input, Entries: [...kept] } };
  world.heard({ ...call, outcome: { output: { Successful: successes } } });
  return { ...done, Successful: [...((done as { Successful?: object[] }).Successful ?? []), ...successes], Failed: [] };
}

async function performEntries(world: World, { process, operation, input }: AwsTry, entries: readonly Entry[]) {
  const isPublish = operation === "PublishBatch";
  const some = { ...input, [isPublish ? "PublishBatchRequestEntries" : "Entries"]: entries };
  const output = { ...(await SENDERS[operation]?.(world, some)) };
  world.heard({ by: process.name, command: operation, input: some, outcome: { output } });
  return output;
}

/** By the harness's own clients, which pass no gate. */
const SENDERS: Readonly<Record<string, (world: World, input: object) => Promise<object>>> = {
  SendMessageBatch: ({ platform }, input) =>
    platform.emulators.sqs.send(new SendMessageBatchCommand(input as SendMessageBatchCommandInput)),
  DeleteMessageBatch: ({ platform }, input) =>
    platform.emulators.sqs.send(new DeleteMessageBatchCommand(input as DeleteMessageBatchCommandInput)),
  ChangeMessageVisibilityBatch: ({ platform }, input) =>
    platform.emulators.sqs.send(new ChangeMessageVisibilityBatchCommand(input as ChangeMessageVisibilityBatchCommandInput)),
  PublishBatch: ({ platform }, input) =>
    platform.emulators.sns.send(new PublishBatchCommand(input as PublishBatchCommand["input"])),
};
