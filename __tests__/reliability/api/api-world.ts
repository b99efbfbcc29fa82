import { isDeepStrictEqual } from "node:util";
import { batchJobId } from "../../../domain/batch-id.ts";
import type { StoredJob } from "../../../domain/job.ts";
import { typeOfJobId } from "../../../domain/job-id.ts";
import { registryEntry } from "../../../domain/registry-entry.ts";
import { jobOfSchedule } from "../../../domain/schedule-settings.ts";
import type { ApiEvent, ApiResponse } from "../../../handlers/http/event.ts";
import { JobSchedules } from "../../../handlers/jobs/job-schedules.ts";
import type { SchedulerCalls } from "../../../handlers/jobs/scheduler-calls.ts";
import { canaryJob } from "../../../jobs/canary/job-type.ts";
import { documentJob } from "../../../jobs/document/job-type.ts";
import { etlJob } from "../../../jobs/etl/job-type.ts";
import { apiEvent } from "../../handlers/api-event.ts";
import { type ApiUnderTest, CONTEXT, type Handler, startApi } from "../../handlers/api-under-test.ts";
import { schedulerStandIn } from "../../handlers/scheduler-stand-in.ts";
import { publicJob } from "../../support/public-job.ts";
import { checkHistory } from "../checker/check-history.ts";
import { type CheckCounts, describeViolation } from "../checker/verdict.ts";
import { CallFacts } from "../history/call-facts.ts";
import type { Fact } from "../history/fact.ts";
import { HistoryRecorder } from "../history/recorder.ts";
import { InProcessTransport } from "../world/in-process-transport.ts";
import { AnswerChecks } from "./answer-checks.ts";
import { answeredFact } from "./answered-fact.ts";
import type { DescribedJobType, Description } from "./description.ts";
import { type Judgement, RequestJudge } from "./expected-statuses.ts";
import { KnownState } from "./known-state.ts";
import { storeUploads } from "./known-uploads.ts";
import { pollutedPrototypes } from "./prototypes.ts";
import { type ConcreteRequest, describeRequest, eventOf, type GeneratedRequest } from "./request.ts";
import { falseReads } from "./true-reads.ts";
import { type WorkerMove, WorkerMoves } from "./worker-moves.ts";

/** How many requests were made, by what they were and how they were answered. */
export type Counts = Map<string, number>;

/** A request's answer, how long the Lambda took for it, and what is wrong with it: most often nothing. */
export interface Exchange {
  readonly answer: ApiResponse;
  readonly tookMs: number;
  readonly problems: string[];
}

/** The Lambdas' code over emulators with three job types, all that it is asked and answers, and what is known of its jobs. */
export class ApiWorld {
  readonly api: ApiUnderTest;
  readonly description: Description;
  readonly jobTypes: readonly DescribedJobType[];
  readonly known = new KnownState();
  readonly counts: Counts = new Map();
  readonly checks: AnswerChecks;
  readonly #handlers: Readonly<Record<"owner" | "account", Handler>>;
  readonly #recorder: HistoryRecorder;
  readonly #judge: RequestJudge;
  readonly #worker: WorkerMoves;

  private constructor(
    api: ApiUnderTest,
    description: Description,
    jobTypes: readonly DescribedJobType[],
    transport: InProcessTransport,
  ) {
    this.api = api;
    this.description = description;
    this.jobTypes = jobTypes;
    // Nothing happens while a request waits, so that it need not.
    const sleep = async () => {};
    const schedules = new JobSchedules(async () => this.#scheduler());
    this.#handlers = {
      owner: api.handler({ access: "owner", sleep, schedules }),
      account: api.handler({ access: "account", sleep, schedules }),
    };
    this.#recorder = new HistoryRecorder();
    this.#judge = new RequestJudge(description, jobTypes, this.known);
    this.checks = new AnswerChecks(description);
    const facts = new CallFacts({ jobsTableName: api.jobsTableName, eventQueues: ["events"] });
    transport.heard = (call) => {
      for (const fact of facts.of(call)) this.#record(fact);
    };
    transport.carry("api", api.dynamoDb, api.sqs, api.sns);
    this.#worker = new WorkerMoves(api, transport);
  }

  static async start(): Promise<ApiWorld> {
    const transport = new InProcessTransport();
    const api = await startApi();
    transport.stopListening();
    await storeUploads(api.s3, api.resultsBucket);
    for (const jobType of [canaryJob, documentJob, etlJob]) {
      const queueUrl = await api.createQueue(jobType.name);
      await api.registry.register(
        registryEntry({ ...jobType, listPartitions: 3 }, { queueUrl, cluster: "jobs", service: jobType.name }),
      );
    }
    const read = async (operation: "describeApi" | "listJobTypes"): Promise<unknown> =>
      JSON.parse((await api.handler({})(apiEvent(operation), CONTEXT)).body);
    const description = (await read("describeApi")) as Description;
    const { items } = (await read("listJobTypes")) as { readonly items: readonly DescribedJobType[] };
    return new ApiWorld(api, description, items, transport);
  }

  /** Makes a generated request, and says what is wrong with its answer: most often nothing. */
  async ask(generated: GeneratedRequest): Promise<string[]> {
    return (await this.exchange(this.known.resolve(generated))).problems;
  }

  async exchange(request: ConcreteRequest): Promise<Exchange> {
    const { operation, access, kind } = request;
    const { statuses, add, batch } = this.#judge.judge(request);
    const event = eventOf(request);
    const started = performance.now();
    const answer = await this.#handlers[access](event, CONTEXT);
    const tookMs = performance.now() - started;
    const { statusCode } = answer;
    const body: unknown = JSON.parse(answer.body);
    count(this.counts, "requests", `kind: ${kind}`, `status: ${statusCode}`, `route: ${event.routeKey}`);
    this.#learn(request, statusCode, body, add);
    if (batch !== undefined && statusCode === 202) this.#learnBatch((body as { readonly id: string }).id, batch);
    const fact = answeredFact(request, statusCode, body, add, this.known);
    if (fact !== undefined) this.#recorder.record(fact);
    const problems = [
      ...(statuses.includes(statusCode) ? [] : [`it was answered ${statusCode}, not ${statuses.join(" or ")}`]),
      ...(request.routeKey === undefined
        ? this.checks.contradictions(operation, answer, textOf(event))
        : this.checks.ofNoRoute(answer, textOf(event))),
      ...falseReads(request, statusCode, body, this.known),
      ...pollutedPrototypes().map((name) => `${name} was changed`),
    ];
    if (problems.length > 0) problems.unshift(`${describeRequest(request)} was answered ${answer.body.slice(0, 600)}`);
    return { answer, tookMs, problems };
  }

  async work({ job, next }: WorkerMove): Promise<void> {
    const stored = this.known.jobs.get(this.known.idOf({ job, spelling: 0 }));
    if (stored !== undefined) await this.#worker.move(stored, next);
  }

  /** Reads every accepted job once more, and has the whole history checked. */
  async verdict(): Promise<{ readonly problems: readonly string[]; readonly checks: CheckCounts }> {
    const { accepted, jobs } = this.known;
    const stored = new Map((await this.api.store.getMany(accepted, { consistent: true })).map((job) => [job.id, job]));
    const lost = accepted.filter((id) => !isSame(stored.get(id), jobs.get(id)));
    const { violations, checks } = checkHistory(this.#recorder.soFar());
    const queues = new Map<string, string>();
    for (const fact of this.#recorder.facts) {
      if (fact.kind === "sent") queues.set(fact.jobId, fact.queue);
      // It will be sent to the queue of the type that the ID names.
      if (fact.kind === "scheduled") queues.set(fact.jobId, typeOfJobId(fact.jobId));
    }
    const astray = accepted.filter((id) => queues.get(id) !== jobs.get(id)?.type);
    return {
      problems: [
        ...lost.map((id) => `invariant 1: job ${id} was accepted, and is not stored as its commits made it`),
        ...astray.map((id) => `invariant 2: job ${id} was accepted, but its message is in queue ${queues.get(id)}`),
        ...violations.map(describeViolation),
      ],
      checks: new Map([
        ...checks,
        [1, (checks.get(1) ?? 0) + accepted.length],
        // Each add was judged by the description and its type's schema.
        [2, (checks.get(2) ?? 0) + (this.counts.get("route: POST /jobs") ?? 0)],
      ]),
    };
  }

  async stop(): Promise<void> {
    this.#worker.stop();
    await this.api.stop();
  }

  /** A scheduler that runs nothing: what the API does with it is what counts here. */
  #scheduler(): SchedulerCalls {
    const { calls } = schedulerStandIn();
    return {
      ...calls,
      create: async (schedule) => {
        const isMade = await calls.create(schedule);
        if (isMade) this.#record({ kind: "scheduled", by: "api", jobId: jobOfSchedule(schedule.name) });
        return isMade;
      },
      delete: async (name) => {
        await calls.delete(name);
        this.#record({ kind: "unscheduled", by: "api", jobId: jobOfSchedule(name) });
      },
    };
  }

  #record(fact: Fact): void {
    this.#recorder.record(fact);
    if (fact.kind === "batchCommitted") this.known.batches.set(fact.batch.id, fact.batch);
    if (fact.kind === "committed") this.known.jobs.set(fact.job.id, fact.job);
  }

  #learnBatch(id: string, { key, payload }: NonNullable<Judgement["batch"]>): void {
    this.known.payloads.set(key, payload);
    const batch = this.known.batches.get(id);
    if (batch === undefined) return;
    const ids = Array.from({ length: batch.total }, (_, number) => batchJobId(batch.type, batch, number));
    this.known.accepted.push(...ids.slice(0, MOST_OF_A_BATCH));
  }

  #learn(request: ConcreteRequest, status: number, body: unknown, add: Judgement["add"]): void {
    const { operation, caller, headers } = request;
    if (operation === "listJobs" && status === 200) {
      const { cursor } = body as { readonly cursor?: string };
      if (cursor !== undefined) this.known.remember(request, cursor);
    }
    if (operation === "retryJob" && status === 202) {
      const { id } = body as { readonly id: string };
      if (!this.known.accepted.includes(id)) this.known.accepted.push(id);
    }
    if (operation !== "addJob" || status !== 202 || request.body === undefined) return;
    const { id } = body as { readonly id: string };
    const key = JSON.stringify([caller.principal, add?.type, add?.idempotencyKey]);
    if (add?.idempotencyKey !== undefined && this.known.payloads.has(key)) return;
    this.known.accepted.push(id);
    if (add?.idempotencyKey !== undefined) this.known.payloads.set(key, add.payload);
    if (request.body.body.length < 10_000) this.known.adds.push({ caller, headers, body: request.body });
  }
}

/** Jobs of a batch that later requests ask about, at most. */
const MOST_OF_A_BATCH = 3;

/** All that a caller sent, also what stands in base 64. */
function textOf(event: ApiEvent): string {
  return JSON.stringify(event) + (event.isBase64Encoded ? Buffer.from(event.body ?? "", "base64").toString() : "");
}

export function count(counts: Counts, ...names: readonly string[]): void {
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
}

function isSame(stored: StoredJob | undefined, committed: StoredJob | undefined): boolean {
  if (stored === undefined || committed === undefined) return false;
  const [{ progress: _, ...one }, { progress: __, ...other }] = [publicJob(stored), publicJob(committed)];
  return isDeepStrictEqual(one, other);
}
