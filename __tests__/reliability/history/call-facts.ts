import type { Batch, StoredBatch } from "../../../domain/batch.ts";
import { isBatchId } from "../../../domain/batch-id.ts";
import { type Control, controlPartition } from "../../../domain/controls.ts";
import type { Checkpoint, Job, StoredJob } from "../../../domain/job.ts";
import { jobOfItem } from "../../../domain/job-items.ts";
import { typeOfListPartitionMark } from "../../../domain/list-partition-marks.ts";
import type { OnComplete } from "../../../domain/on-complete.ts";
import { queueName } from "../../../domain/queue-names.ts";
import { jobOfSchedule } from "../../../domain/schedule-settings.ts";
import type { AwsCall } from "./aws-call.ts";
import type { Fact } from "./fact.ts";

export interface CallFactsSettings {
  readonly jobsTableName: string;
  /** Names of queues that subscribers read: what is received there was delivered. Messages of all others are jobs'. */
  readonly eventQueues?: readonly string[];
}

interface Message {
  readonly queue: string;
  readonly messageId: string;
  readonly jobId: string;
}

type Fields = Readonly<Record<string, unknown>>;
type Translate = (call: AwsCall, output: Fields) => Fact[];

/**
 * Turns calls that took effect into facts. It remembers which message a receipt handle stands for, so one of these must hear
 * of all calls of a world.
 */
export class CallFacts {
  readonly #jobsTableName: string;
  readonly #eventQueues: ReadonlySet<string>;
  readonly #messages = new Map<string, Message>();
  readonly #translators: Readonly<Record<string, Translate>> = {
    PutItem: ({ by, input }) => (this.#ofJobs(input) ? itemFacts(by, input.Item as Item) : controlFacts(by, input.Item)),
    UpdateItem: (call, output) => (this.#ofJobs(call.input) ? updateFacts(call, output) : []),
    PublishBatch: ({ by, input }, output) =>
      succeeded(input.PublishBatchRequestEntries, output).map(({ Message }) => {
        const event = JSON.parse(Message as string) as Job | Batch;
        return isOfBatch(event) ? { kind: "batchPublished", by, event } : { kind: "published", by, event };
      }),
    SendMessageBatch: (call, output) => {
      const messageIds = new Map(entriesOf(output.Successful).map(({ Id, MessageId }) => [Id, MessageId]));
      return succeeded(call.input.Entries, output).map(({ Id, MessageBody }) => sent(call, MessageBody, messageIds.get(Id)));
    },
    ReceiveMessage: (call, output) => this.#received(call, output),
    CreateSchedule: ({ by, input }) => [{ kind: "scheduled", by, jobId: jobOfSchedule(String(input.Name)) }],
    DeleteSchedule: ({ by, input }) => [{ kind: "unscheduled", by, jobId: jobOfSchedule(String(input.Name)) }],
    DeleteMessageBatch: ({ by, input }, output) => this.#deleted(by, succeeded(input.Entries, output)),
  };

  constructor({ jobsTableName, eventQueues = [] }: CallFactsSettings) {
    this.#jobsTableName = jobsTableName;
    this.#eventQueues = new Set(eventQueues);
  }

  /** What the call changed, or might have changed; most often nothing. */
  of(call: AwsCall): Fact[] {
    if ("output" in call.outcome) return this.#translators[call.command]?.(call, call.outcome.output) ?? [];
    const { by, command, input, outcome } = call;
    const jobId =
      command === "PutItem" ? (input.Item as StoredJob).id : makesVersion(call) ? (input.Key as StoredJob).id : undefined;
    if (jobId === undefined || typeOfListPartitionMark(jobId) !== undefined) return [];
    return outcome.refused || !this.#ofJobs(input) ? [] : [{ kind: "unanswered", by, jobId }];
  }

  #ofJobs({ TableName }: Fields): boolean {
    return TableName === this.#jobsTableName;
  }

  #received({ by, input, outcome }: AwsCall, output: Fields): Fact[] {
    const queue = queueName(input.QueueUrl as string);
    return entriesOf(output.Messages).flatMap(({ Body, MessageId, ReceiptHandle, Attributes }): Fact[] => {
      if (this.#eventQueues.has(queue)) {
        const event = JSON.parse(Body as string) as Job | Batch;
        return isOfBatch(event) ? [] : [{ kind: "delivered", event }];
      }
      const message: Message = { queue, messageId: MessageId as string, jobId: Body as string };
      this.#messages.set(ReceiptHandle as string, message);
      const { SentTimestamp = Number.NaN } = (Attributes ?? {}) as { readonly SentTimestamp?: string };
      const receivedAt = "date" in outcome && outcome.date !== undefined ? Date.parse(outcome.date) : Number.NaN;
      return [{ kind: "received", by, ...message, ageSeconds: (receivedAt - Number(SentTimestamp)) / 1_000 }];
    });
  }

  #deleted(by: string, entries: readonly Fields[]): Fact[] {
    return entries.flatMap(({ ReceiptHandle }) => {
      const message = this.#messages.get(ReceiptHandle as string);
      this.#messages.delete(ReceiptHandle as string);
      return message === undefined ? [] : [{ kind: "deleted" as const, by, ...message }];
    });
  }
}

/** What a put into the table of job types is: a control's change, or a type's own entry. */
function controlFacts(by: string, item: unknown): Fact[] {
  const { registry, name: type, paused, history } = item as Control & { readonly registry?: string; readonly name: string };
  const [last] = history ?? [];
  return last === undefined || registry !== controlPartition(type)
    ? []
    : [{ kind: "controlled", by, type, paused: paused !== undefined, at: last.at }];
}

type Item = StoredJob | StoredBatch | OnComplete;

/** What an item that the table took is: a job's version, a batch, or what follows one; of where lists look for jobs, nothing is told. */
function itemFacts(by: string, item: Item): Fact[] {
  if (typeOfListPartitionMark(item.id) !== undefined) return [];
  if (isOfBatch(item)) return [{ kind: "batchCommitted", by, batch: item as StoredBatch }];
  const [, id = "", createdAt = ""] = item.id.split("#");
  if (id !== "") return [{ kind: "followUpAsked", by, batch: { id, createdAt }, type: (item as OnComplete).type }];
  return [{ kind: "committed", by, job: jobOfItem({ ...item }) }];
}

function isOfBatch<Of extends { readonly id: string }>(item: Of): item is Exclude<Of, Job> {
  return isBatchId(item.id);
}

/** Transitions return the new item; extensions of leases, progress and checkpoints return nothing. */
function makesVersion({ command, input }: AwsCall): boolean {
  return command === "UpdateItem" && input.ReturnValues === "ALL_NEW";
}

function updateFacts(call: AwsCall, output: Fields): Fact[] {
  const { by, input } = call;
  if (makesVersion(call)) return itemFacts(by, output.Attributes as Item);
  const { "#attribute": attribute } = input.ExpressionAttributeNames as Fields;
  const { ":value": value, ":attempt": attempt } = input.ExpressionAttributeValues as Fields;
  const claim = { by, jobId: (input.Key as Pick<StoredJob, "id">).id, attempt: Number(attempt) };
  if (attribute === "leaseExpiresAt") return [{ kind: "leaseExtended", ...claim, leaseExpiresAt: Number(value) }];
  return attribute === "checkpoint" ? [{ kind: "checkpointTaken", ...claim, checkpoint: value as Checkpoint }] : [];
}

function sent({ by, input }: AwsCall, body: unknown, messageId: unknown): Fact {
  return { kind: "sent", by, queue: queueName(input.QueueUrl as string), messageId: String(messageId), jobId: String(body) };
}

function entriesOf(list: unknown): readonly Fields[] {
  return (list ?? []) as readonly Fields[];
}

/** The entries of a batch that the service took. */
function succeeded(entries: unknown, output: Fields): readonly Fields[] {
  const ids = new Set(entriesOf(output.Successful).map(({ Id }) => Id));
  return entriesOf(entries).filter(({ Id }) => ids.has(Id));
}
