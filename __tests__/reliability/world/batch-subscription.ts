import { randomUUID } from "node:crypto";
import type { Batch } from "../../../domain/batch.ts";
import { BatchStore } from "../../../domain/batch-store.ts";
import { JobEvents } from "../../../domain/job-events.ts";
import { JobStore } from "../../../domain/job-store.ts";
import { JobTypeRegistry } from "../../../domain/job-type-registry.ts";
import { type FollowBatchDependencies, followBatches } from "../../../handlers/jobs/batches/follow-batch.ts";
import { jobQueues } from "../../../handlers/jobs/job-queues.ts";
import { snsEvent } from "../../../local/aws/batch-subscription.ts";
import { recordedTelemetry } from "../../handlers/recorded-telemetry.ts";
import { type Invocation, invoke } from "./invocation.ts";
import type { SimulatedProcess } from "./simulated-process.ts";
import type { World } from "./world.ts";

/**
 * Has the world call the on-complete Lambda for each event of a batch, one after the other and each in a fresh process, as its
 * subscription does. An invocation that dies or fails is made again, as Lambda does.
 */
export function followCompletions(world: World): void {
  const waiting: Batch[] = [];
  let taken = 0;
  let running: { readonly invocation: Invocation; readonly event: Batch } | undefined;
  world.chores.push(async () => {
    const { facts } = world.recorder;
    for (; taken < facts.length; taken += 1) {
      const fact = facts[taken];
      if (fact?.kind === "batchPublished") waiting.push(fact.event);
    }
    if (running !== undefined) {
      if (!running.invocation.process.gone) return false;
      if (!running.invocation.isDone) waiting.unshift(running.event);
      running = undefined;
    }
    const event = waiting.shift();
    if (event === undefined) return false;
    const invocation = invoke(world, "on-complete", (process) =>
      followBatches(snsEvent({ Body: JSON.stringify(event) }, "topic"), dependencies(world, process)),
    );
    running = { invocation, event };
    return true;
  });
}

function dependencies({ clients, platform }: World, { now }: SimulatedProcess): FollowBatchDependencies {
  const { jobsTableName, jobTypesTableName, eventsTopicArn } = platform.emulators;
  return {
    store: new JobStore(clients.dynamoDb, jobsTableName),
    batches: new BatchStore(clients.dynamoDb, jobsTableName),
    registry: new JobTypeRegistry(clients.dynamoDb, jobTypesTableName, now),
    queue: jobQueues(clients.sqs),
    events: new JobEvents(clients.sns, eventsTopicArn),
    payloads: clients.payloads,
    wake: async () => undefined,
    telemetry: recordedTelemetry(),
    now,
    newWriteId: randomUUID,
  };
}
