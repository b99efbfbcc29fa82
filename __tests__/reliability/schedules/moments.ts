import { hash } from "node:crypto";
import type { StoredJob } from "../../../domain/job.ts";
import { jobOfSchedule } from "../../../domain/schedule-settings.ts";
import type { Fact } from "../history/fact.ts";
import type { AwsTry } from "../world/call-gate.ts";
import type { SimulatedProcess } from "../world/simulated-process.ts";
import type { Stage } from "../world/stage.ts";
import type { World } from "../world/world.ts";

/** What calls are answered, but for what differs between two runs of the same schedule. */
const VOLATILE = new Set(["$metadata", "MessageId", "ReceiptHandle", "SentTimestamp", "SequenceNumber", "ETag"]);
const TIMES_AND_HASHES = /\d{4}-\d\d-\d\dT[\d:.]+Z|\b1\d{12}\b|\b1\d{9}\b|[0-9a-f]{32,64}|[0-9a-f-]{36}|scripted-\d+/g;
const JOB_ID = /[0-7][0-9A-HJKMNP-TV-Z]{25}/g;

/** How exactly times are told apart that something waits for, in milliseconds. */
const WAIT_MS = 250;
const LEASE_MS = 1_000;
/** A message without a job is looked at by its age. */
const AGE_MS = 30_000;

/**
 * Tells moments of runs apart by all that can decide how they go on, and by what has been committed, published and answered: the
 * table's items, the messages, what each process waits for, and what it has been answered since it last had nothing to do, from
 * which its variables follow. What two moments of one hash may differ in is the time of day, and times by less than is told
 * apart here.
 */
export class Moments {
  readonly #world: World;
  readonly #stage: Stage;
  readonly #trails = new Map<string, string[]>();
  /** By ID; with what of an item tells moments apart, but for how far off its times are. */
  readonly #items = new Map<string, { readonly job: StoredJob; readonly text: string }>();
  readonly #checkpoints = new Map<string, string>();
  readonly #leases = new Map<string, number>();
  readonly #told: string[] = [];
  readonly #published = new Set<string>();
  readonly #names = new Map<string, string>();
  readonly #bornAt: number;
  #facts = 0;

  constructor(world: World, stage: Stage) {
    this.#world = world;
    this.#stage = stage;
    this.#bornAt = world.now;
  }

  /** Takes down what a process learned from a call. */
  learned({ process, operation }: AwsTry, answer: unknown): void {
    this.#trail(process.name, `${operation} ${answer instanceof Error ? answer.name : this.#plain(answer)}`);
  }

  /** The hash of this moment. */
  hash(): string {
    const { facts } = this.#world.recorder;
    for (; this.#facts < facts.length; this.#facts += 1) this.#take(facts[this.#facts] as Fact);
    const { now } = this.#world;
    const items = [...this.#items.values()].map(({ job, text }) => [text, ...this.#timesOf(job)]);
    const isOrphan = items.length === 0;
    const parts = [
      this.#stage.moves,
      items,
      [...this.#checkpoints],
      [...this.#published].sort(),
      this.#told,
      isOrphan ? Math.floor((now - this.#bornAt) / AGE_MS) : 0,
      this.#messages(),
      this.#schedules(),
      [this.#world.service.suspended, this.#world.service.silent, this.#world.service.desired],
      this.#world.processes.map((process) => this.#process(process)),
    ];
    return hash("sha1", JSON.stringify(parts), "base64");
  }

  #take(fact: Fact): void {
    switch (fact.kind) {
      case "committed":
        this.#items.set(fact.job.id, { job: fact.job, text: this.#itemText(fact.job) });
        this.#told.push(`${fact.by} ${this.#plain(fact.job.id)} ${fact.job.version} ${fact.job.status}`);
        return;
      case "leaseExtended":
        this.#leases.set(`${fact.jobId}/${fact.attempt}`, fact.leaseExpiresAt);
        return;
      case "checkpointTaken":
        this.#checkpoints.set(this.#plain(fact.jobId), this.#plain([fact.attempt, fact.checkpoint]));
        return;
      case "published":
        this.#published.add(this.#plain(`${fact.event.id} ${fact.event.version}`));
        return;
      case "controlled":
        this.#told.push(this.#plain([fact.by, fact.kind, fact.paused]));
        return;
      case "batchCommitted":
        this.#told.push(this.#plain([fact.by, fact.kind, fact.batch]));
        return;
      case "followUpAsked":
      case "batchPublished":
      case "batchAnswered":
        this.#told.push(this.#plain([fact.by, fact.kind]));
        return;
      case "answered":
        this.#told.push(this.#plain([fact.request.operation, fact.status, fact.job?.id, fact.job?.version]));
        return;
      case "deleted":
        this.#told.push(this.#plain([fact.kind, fact.jobId]));
        return;
      case "handlerStarted":
      case "handlerEnded":
      case "checkpointBegun":
      case "checkpointStored":
      case "told":
        this.#trail(fact.by, fact.kind);
    }
  }

  #itemText({ leaseExpiresAt: _, runAt: __, nextAttemptAt: ___, ...rest }: StoredJob): string {
    return this.#plain(rest);
  }

  /** Until its lease ends, and until it may run. */
  #timesOf({ id, attempt, leaseExpiresAt, runAt, nextAttemptAt }: StoredJob): (number | undefined)[] {
    const until = (epochMs: number | undefined): number | undefined =>
      epochMs === undefined ? undefined : Math.max(-1, Math.round((epochMs - this.#world.now) / LEASE_MS));
    const lease = leaseExpiresAt === undefined ? undefined : (this.#leases.get(`${id}/${attempt}`) ?? leaseExpiresAt);
    const due = nextAttemptAt ?? runAt;
    return [until(lease), until(due === undefined ? undefined : Date.parse(due))];
  }

  #messages(): unknown {
    const { deployed, now } = this.#world;
    return [deployed.queueUrl, deployed.deadLetterQueueUrl].map((queueUrl) => [
      this.#world.visible(queueUrl),
      this.#world.hidden(queueUrl).map(({ body, visibleAt }) => [this.#plain(body), Math.round((visibleAt - now) / LEASE_MS)]),
    ]);
  }

  #schedules(): unknown {
    const { platform, now } = this.#world;
    const shown = (name: string): string => this.#plain(name.includes(".") ? name : jobOfSchedule(name));
    return platform.scheduler.times().map(([name, at = now]) => [shown(name), Math.round((at - now) / LEASE_MS)]);
  }

  #process(process: SimulatedProcess): unknown {
    if (process.gone) return [process.name];
    const calls = this.#world.gate.unanswered.filter((call) => call.process === process).map(({ operation }) => operation);
    const waits = this.#world.platform.time.waits().filter((wait) => wait.process === process);
    const isIdle = calls.length === 0 && waits.length === 0 && this.#world.polls(process) && process.running;
    if (isIdle) this.#trails.delete(process.name);
    const due = waits.map(({ ms }) => Math.round(ms / WAIT_MS)).sort();
    return [process.name, process.running, calls, due, this.#trails.get(process.name)];
  }

  #trail(process: string, step: string): void {
    const trail = this.#trails.get(process);
    if (trail === undefined) this.#trails.set(process, [step]);
    // Heartbeats that learn nothing new change nothing.
    else if (trail.at(-1) !== step) trail.push(step);
  }

  /** As text, with names in place of job IDs. */
  #plain(value: unknown): string {
    const readable = (key: string, member: unknown): unknown => {
      if (VOLATILE.has(key)) return undefined;
      return member instanceof Set ? [...member].sort() : member;
    };
    const text = JSON.stringify(value, readable) ?? "";
    return text.replace(JOB_ID, (id) => this.#name(id)).replace(TIMES_AND_HASHES, "");
  }

  #name(id: string): string {
    const name = this.#names.get(id) ?? `job#${this.#names.size + 1}`;
    this.#names.set(id, name);
    return name;
  }
}
