import { isTerminal } from "../../../domain/job.ts";
import { MAX_INTERRUPTIONS } from "../../../domain/limits.ts";
import type { TransitionName } from "../../../domain/transitions.ts";
import { type CommitViolation, commitViolations } from "../checker/commit-rules.ts";
import type { Item, Present } from "./item-table.ts";
import { IDLE } from "./local-table.ts";
import type { Message } from "./messages.ts";
import type { Model } from "./model.ts";
import { describeSlot } from "./process-names.ts";
import { isPublished, type World } from "./world.ts";

/** The invariants of single effects and moments, which need no history. */

/** What `commitViolations` says something about. */
const COMMIT_INVARIANTS = [5, 6, 7, 8, 9, 10, 11, 29] as const;

/** @param name undefined for the job's creation. */
export function checkCommit(model: Model, world: World, slot: number, after: Present, name: TransitionName | undefined): void {
  const { checks } = model;
  const { job: before } = world.item;
  const local = world.processes[slot]!;
  const violations = commitViolationsOf(model, world, slot, after);
  for (const invariant of COMMIT_INVARIANTS) {
    const violation = violations.find((each) => each.invariant === invariant);
    checks.demand(invariant, violation === undefined, violation?.message ?? "");
  }
  // The rules see a job without the hand-backs that it is supposed to have behind it.
  const { interruptions } = after.job;
  checks.demand(8, interruptions <= MAX_INTERRUPTIONS, `the job was handed back ${interruptions} times`);
  if (before === undefined) return;
  checks.demand(3, name !== undefined, "a job was added that is there already");
  if (name === "claim" || name === "takeOver") checks.demand(22, !local.stopping, "a worker that shuts down claimed a job");
  // Version 1 counts once its caller has an answer, which waits for its event.
  const isDue = before.version > 1;
  checks.demand(16, !isDue || isPublished(world, before.version), `version ${before.version} was replaced unpublished`);
}

/** The shared rules of commits, asked once about each. */
function commitViolationsOf(model: Model, { item, processes }: World, slot: number, after: Present): readonly CommitViolation[] {
  const { step, seen } = processes[slot]!;
  const isHolder = step === "attempt" && item.job !== undefined && seen.job?.attempt === item.job.attempt;
  const key = `${item.id} ${after.id} ${isHolder}`;
  let violations = model.commitViolations.get(key);
  if (violations === undefined) {
    const before = item.job && model.told(item.job);
    const context = { by: describeSlot(model, slot), claimedBy: isHolder ? describeSlot(model, slot) : "another worker" };
    violations = commitViolations(before, { ...model.told(after.job), lastWriteId: "this write" }, context);
    model.commitViolations.set(key, violations);
  }
  return violations;
}

export function checkPublish({ checks, items }: Model, { item }: World, seen: Item): void {
  const committed = seen.job !== undefined && item.job !== undefined && seen.job.version <= item.job.version;
  checks.demand(17, committed, `version ${seen.job?.version} was published before it was committed`);
  if (seen.job?.version !== item.job?.version) return;
  checks.demand(
    17,
    items.snapshot(item as Present).id === items.snapshot(seen as Present).id,
    "an event differs from its version",
  );
}

/**
 * A dead letter of a held job may go once another message stands for it; so may the message of a job that was missing, and
 * was added meanwhile by a request of its own.
 */
export function checkDelete(model: Model, world: World, slot: number, { place }: Message): void {
  const { checks } = model;
  const { job } = world.item;
  if (job === undefined) {
    const isSafe = world.messages.list.length > 1 || !isAdding(model, world);
    checks.demand(4, isSafe, "the last message of a job was deleted while that was being created");
    return;
  }
  const ended = isTerminal(job) && isPublished(world, job.version);
  const stoodFor = world.messages.list.length > 1;
  const wasMissing = world.processes[slot]!.step === "missing";
  if (place === "deadLetters") checks.demand(20, ended || stoodFor, "a dead letter's job was left open");
  else
    checks.demand(
      12,
      ended || (wasMissing && stoodFor),
      `a message was deleted while its job was ${job.status}, version ${job.version}`,
    );
}

/** Whether an add-job Lambda that has sent a message may yet create its job. */
function isAdding({ configuration }: Model, { processes }: World): boolean {
  return processes.some(({ step, resends }, slot) => {
    return configuration.processes[slot] === "add job" && (step === "create" || (step === "send" && resends));
  });
}

export function checkAnswer({ checks }: Model, world: World, status: number, seen: Item | undefined): void {
  if (seen?.job === undefined) {
    checks.demand(19, status !== 404 || world.item.job === undefined, "a caller was told that a job that exists does not");
    return;
  }
  const { job } = world.item;
  checks.demand(1, job !== undefined, `${status} for a job that is not stored`);
  checks.demand(19, seen.job.version <= (job?.version ?? 0), "a caller was shown a version that is not stored yet");
  checks.demand(16, isPublished(world, seen.job.version), `version ${seen.job.version} was acknowledged before its event`);
  if (seen.job.status === "CANCELLED") {
    checks.demand(11, job?.status === "CANCELLED", `cancelled, says the answer, but the job is ${job?.status}`);
  }
}

/** What holds at every moment. */
export function checkMoment({ checks }: Model, { item: { job }, messages }: World): void {
  if (job === undefined || isTerminal(job)) return;
  checks.demand(13, messages.list.length > 0, `no message is left of a job that is ${job.status}`);
}

/**
 * Whether everything has come to its end: the job ended, or was never added, the subscribers have its last version, no
 * message is left, and no process is in the middle of something.
 */
export function isFinal({ item: { job }, messages, published, processes }: World): boolean {
  if (messages.list.length > 0 || processes.some(({ step }) => step !== IDLE)) return false;
  if (job === undefined) return true;
  const versions = (2 << job.version) - 1;
  // Nobody may have learnt of version 1, and version 0 does not exist.
  return isTerminal(job) && (published | 3) === versions;
}
