import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { countJobs } from "../../domain/count-jobs.ts";
import { isTerminal, JOB_STATUSES, type StoredJob } from "../../domain/job.ts";
import { listJobs } from "../../domain/job-list.ts";
import { JobStore } from "../../domain/job-store.ts";
import { readListPartitions } from "../../domain/list-partition-marks.ts";
import { listPartitionIn } from "../../domain/list-partitions.ts";
import { ADDED_AT, buildJob } from "../support/build-job.ts";
import { type Emulators, startEmulators } from "../support/emulators.ts";
import { runs } from "../support/property-runs.ts";

let emulators: Emulators;
beforeAll(async () => {
  emulators = await startEmulators();
});
afterAll(async () => emulators.stop());

const OWNER = "iam:ann";
const LEASE = { leaseOwner: "w", leaseExpiresAt: ADDED_AT + 30_000 };
let courses = 0;

/** What the processes of a platform do, each one thing after the other, and each call of one among calls of the others. */
const adding = fc.oneof(
  // The type's setting is raised or lowered.
  fc.record({ kind: fc.constant("deploy" as const), partitions: fc.constantFrom(1, 2, 3, 6) }),
  // Which adder reads the registry anew; until then it goes on with what it knows.
  fc.record({ kind: fc.constant("refresh" as const), adder: fc.constantFrom(0, 1) }),
  { arbitrary: fc.record({ kind: fc.constant("add" as const), adder: fc.constantFrom(0, 1) }), weight: 3 },
);
const working = fc.oneof(
  // `old` is a worker of a version that knows of no partitions.
  { arbitrary: fc.record({ kind: fc.constant("work" as const), old: fc.boolean(), again: fc.boolean() }), weight: 4 },
  fc.record({ kind: fc.constant("cancel" as const) }),
);
const listing = fc.record({ kind: fc.constant("list" as const), byOwner: fc.boolean() });
type Happening =
  typeof adding extends fc.Arbitrary<infer A>
    ? typeof working extends fc.Arbitrary<infer W>
      ? typeof listing extends fc.Arbitrary<infer L>
        ? A | W | L
        : never
      : never
    : never;
const many = { minLength: 4, maxLength: 8, size: "max" } as const;
const platforms = fc.tuple(
  ...[fc.array(adding, many), fc.array(adding, many)],
  ...[fc.array(working, many), fc.array(working, many)],
  fc.array(listing, { minLength: 2, maxLength: 5 }),
);
/** Turns for which a worker waits for a job. */
const PATIENCE = 20;

/** A Lambda that adds jobs, and over how many partitions it thinks that their type spreads them. */
interface Adder {
  readonly store: JobStore;
  partitions: number;
}

/** One type, its adders, workers and readers, whose calls `scheduler` answers in an order of its choice. */
class Course {
  readonly type: string;
  readonly owner: string;
  readonly jobs = new Map<string, StoredJob>();
  readonly #client: DynamoDBDocumentClient;
  readonly #adders: Adder[];
  readonly #worker: JobStore;
  readonly #scheduler: fc.Scheduler;
  readonly #moving = new Set<string>();
  readonly #moved: string[] = [];
  #registered = 1;
  #writes = 0;

  constructor(scheduler: fc.Scheduler) {
    this.#scheduler = scheduler;
    courses += 1;
    this.type = `course-${courses}`;
    this.owner = `${OWNER}-${courses}`;
    const { dynamoDb, jobsTableName } = emulators;
    // A refusal waits for its turn as an answer does, and has a reader by then.
    const answer = scheduler.scheduleFunction(async (command: Parameters<typeof dynamoDb.send>[0]) => {
      const [settled] = await Promise.allSettled([dynamoDb.send(command)]);
      return settled;
    });
    const send = async (command: Parameters<typeof dynamoDb.send>[0]) => {
      // It takes effect when its turn comes, and its answer comes later still.
      await scheduler.schedule(Promise.resolve(), command.constructor.name);
      const settled = await answer(command);
      if (settled.status === "rejected") throw settled.reason;
      return settled.value;
    };
    this.#client = { send } as unknown as DynamoDBDocumentClient;
    this.#worker = new JobStore(this.#client, jobsTableName);
    this.#adders = [1, 3].map((partitions) => ({ store: new JobStore(this.#client, jobsTableName), partitions }));
  }

  async run(happening: Happening): Promise<void> {
    if (happening.kind === "deploy") this.#registered = happening.partitions;
    else if (happening.kind === "refresh") this.#adder(happening.adder).partitions = this.#registered;
    else if (happening.kind === "add") await this.#add(this.#adder(happening.adder));
    else if (happening.kind === "work") await this.#work(happening.old, happening.again);
    else if (happening.kind === "cancel") await this.#cancel();
    else await this.#list(happening.byOwner);
  }

  /** The IDs in a list, of which each must be there once. */
  async listed(client: DynamoDBDocumentClient, byOwner: boolean, limit = 100): Promise<string[]> {
    const store = new JobStore(client, emulators.jobsTableName);
    const whose = byOwner ? { owner: this.owner } : { types: [this.type] };
    const ids: string[] = [];
    let after: string | undefined;
    do {
      const query = { ...whose, limit, ...(after === undefined ? {} : { after }) };
      const { jobs, next } = await listJobs(client, emulators.jobsTableName, store, query);
      ids.push(...jobs.map(({ id }) => id));
      after = next;
    } while (after !== undefined);
    expect(new Set(ids).size).toBe(ids.length);
    return ids;
  }

  #adder(number: number): Adder {
    return this.#adders[number] as Adder;
  }

  async #add({ store, partitions }: Adder): Promise<void> {
    const createdAt = new Date(ADDED_AT + this.#writes++).toISOString();
    const job = buildJob({ type: this.type, owner: this.owner, createdAt }, partitions);
    expect(await store.create(job, ADDED_AT)).toEqual({ applied: true, job });
    this.jobs.set(job.id, job);
  }

  /** Moves a job that nobody else moves. */
  async #move(status: StoredJob["status"], move: (job: StoredJob) => Promise<StoredJob>): Promise<void> {
    const job = await this.#untilThere(status);
    if (job === undefined) return;
    this.#moving.add(job.id);
    this.#moved.push(job.id);
    const moved = await move(job);
    expect(moved).toMatchObject({ owner: this.owner, createdAtId: job.createdAtId });
    this.jobs.set(job.id, moved);
    this.#moving.delete(job.id);
  }

  async #untilThere(status: StoredJob["status"]): Promise<StoredJob | undefined> {
    for (let turn = 0; turn < PATIENCE; turn += 1) {
      const found = [...this.jobs.values()].find((job) => job.status === status && !this.#moving.has(job.id));
      if (found !== undefined) return found;
      await this.#scheduler.schedule(Promise.resolve(), "no job yet");
    }
    return undefined;
  }

  async #step(
    job: Parameters<JobStore["transition"]>[0],
    name: Parameters<JobStore["transition"]>[1],
    attempt = 0,
  ): Promise<StoredJob> {
    const values = { ...LEASE, now: ADDED_AT, writeId: `write-${this.#writes++}`, attempt };
    const outcome = await this.#worker.transition(job, name, values);
    if (!outcome.applied) throw new Error(`${name} did not apply`);
    return outcome.job;
  }

  async #work(old: boolean, again: boolean): Promise<void> {
    await this.#move("QUEUED", async (job) => {
      const { id, type, version } = job;
      const known = old ? `${type}#QUEUED` : version === 1 ? undefined : job.typeStatus;
      const claimed = await this.#step({ id, type, version, typeStatus: known }, "claim");
      if (!old) expect(listPartitionIn(claimed.typeStatus)).toBe(listPartitionIn(this.#addedAs(id)));
      return await this.#step(claimed, again ? "retry" : "succeed", claimed.attempt);
    });
  }

  async #cancel(): Promise<void> {
    await this.#move("QUEUED", async (job) => await this.#step(job, "cancel"));
  }

  /** Where a job is until an old worker has it. */
  #addedAs(id: string): string {
    return this.jobs.get(id)?.typeStatus ?? "";
  }

  async #list(byOwner: boolean): Promise<void> {
    const there = [...this.jobs.keys()];
    const [moving, moves] = [[...this.#moving], this.#moved.length];
    const ids = new Set(await this.listed(this.#client, byOwner));
    // A job that changes its status meanwhile may be missing from this answer (docs/decisions/0006-listing-index.md).
    const unsure = new Set([...moving, ...this.#moved.slice(moves)]);
    expect(there.filter((id) => !ids.has(id) && (byOwner || !unsure.has(id)))).toEqual([]);
  }
}

it("no job is missing from a list or in it twice, whenever its type spreads jobs further, or less", async () => {
  const { dynamoDb, jobsTableName } = emulators;
  let moved = 0;
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), platforms, async (scheduler, processes) => {
      const course = new Course(scheduler);
      const begun = processes.map(async (happenings) => {
        for (const happening of happenings) await course.run(happening);
      });
      await scheduler.waitFor(Promise.all(begun));
      const jobs = [...course.jobs.values()];
      const newest = jobs.toSorted((a, b) => (a.createdAtId < b.createdAtId ? 1 : -1)).map(({ id }) => id);
      for (const byOwner of [false, true]) expect(await course.listed(dynamoDb, byOwner, 3)).toEqual(newest);
      const counts = JOB_STATUSES.map(async (status) => await countJobs(dynamoDb, jobsTableName, course.type, status));
      expect((await Promise.all(counts)).reduce((sum, count) => sum + count, 0)).toBe(jobs.length);
      const mark = (await readListPartitions(dynamoDb, jobsTableName, [course.type]))(course.type);
      expect(jobs.every(({ typeStatus }) => listPartitionIn(typeStatus) < mark)).toBe(true);
      moved += jobs.filter((job) => isTerminal(job) && listPartitionIn(job.typeStatus) > 0).length;
    }),
    runs(30),
  );
  // Jobs that were not added to the first partition, and have ended in theirs.
  expect(moved).toBeGreaterThan(5);
});
