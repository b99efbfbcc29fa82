import type { StoredJob } from "../../../domain/job.ts";
import { MAX_VISIBILITY_SECONDS } from "../../../domain/limits.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { checkHistory } from "../checker/check-history.ts";
import { describeViolation, type Verdict } from "../checker/verdict.ts";
import { FaultInjector } from "../faults/fault-injector.ts";
import { slowNetwork } from "../faults/slow-network.ts";
import { reordered } from "../faults/subscriber-order.ts";
import type { ApiRequest, History } from "../history/fact.ts";
import { type AddBatchRequest, type ApiCall, getJob } from "../world/api-calls.ts";
import type { Interceptor } from "../world/call-gate.ts";
import { limitInvocation, limitStarted } from "../world/invocation-limit.ts";
import { duplicate, redeliver } from "../world/redelivery.ts";
import { settledHistory } from "../world/settled-history.ts";
import type { SimulatedWorkerSettings } from "../world/simulated-worker.ts";
import { DID_NOT_SETTLE, Stage } from "../world/stage.ts";
import { World } from "../world/world.ts";
import type { WorldPlatform } from "../world/world-platform.ts";
import { endOf, type LifeCourse, type LifeStep, SCRIPTS } from "./life-steps.ts";

export interface CourseOutcome {
  /** What is wrong, in sentences. */
  readonly problems: readonly string[];
  readonly verdict: Verdict;
  readonly jobs: readonly StoredJob[];
  /** Every try, in the order in which it was made: `worker#1:ReceiveMessage`. */
  readonly tries: readonly string[];
  /** How often each kind of fault was injected. */
  readonly injected: ReadonlyMap<string, number>;
  /** Simulated seconds from the last disturbance to a settled world. */
  readonly recoverySeconds: number;
  /** The history, and what workers logged, to be read where something is wrong. */
  readonly story: readonly string[];
}

type StepOf<Name extends LifeStep["do"]> = Extract<LifeStep, { readonly do: Name }>;

/** A request takes no longer than its Lambda may. */
const ANSWER_SECONDS = 60;
/** A message of a job that seems to be held for days, after such a jump of time, is put back for 12 h. */
const SETTLE_SECONDS = MAX_VISIBILITY_SECONDS + 7_200;
/** Without these, a job ends as its script says; a second message of a job disturbs it too. */
const UNDISTURBING: readonly LifeStep["do"][] = [
  "add",
  "add batch",
  "get",
  "cancel",
  "cancel batch",
  "retry",
  "start worker",
  "pass",
];
/** How any job may end when workers die, stand still or get its message too often, or time jumps. */
const DISTURBED_ENDS = ["FAILED JobExpired", "FAILED WorkerLost", "FAILED DeadLettered", "FAILED JobTimeout"];
/** What clients may be answered; whether it is right is for the checker. */
const STATUSES: Readonly<Record<ApiRequest["operation"], readonly number[]>> = {
  add: [202, 409],
  cancel: [200, 202, 404, 409],
  get: [200, 404],
  retry: [202, 404, 409],
};

let runs = 0;

/** Plays a generated course on a fresh world, lets that settle without disturbance, and checks all that happened. */
export async function runCourse(
  platform: WorldPlatform,
  course: LifeCourse,
  overrides?: SimulatedWorkerSettings["overrides"],
): Promise<CourseOutcome> {
  const random = seededRandom(course.order);
  const faults = new FaultInjector(course.faultRate, random);
  // Its own, for the SDK's allowance of retries is shared by all calls of a client.
  const clients = course.faultRate > 0 ? platform.newClients() : platform.clients;
  if (course.faultRate > 0) slowNetwork(clients, () => faults.delayMs());
  const world: World = await World.open(platform, {
    jobType: course.jobType,
    intercept: (attempt, perform) => run.intercept(attempt, perform),
    clients,
    pick: ({ length }) => Math.floor(random() * length),
    random,
  });
  const run = new CourseRun(new Stage(world, { overrides }), faults, course);
  try {
    await run.play();
    const disturbedAt = world.now;
    const isSettled = await run.stage.recover(SETTLE_SECONDS);
    const recoverySeconds = (world.now - disturbedAt) / 1_000;
    const { history, moved } = reordered(await settledHistory(world), random);
    if (course.faultRate > 0) faults.note("reordered events", moved);
    const verdict = checkHistory(history);
    return {
      problems: [
        ...(isSettled ? [] : [DID_NOT_SETTLE]),
        ...run.problemsOf(history),
        ...verdict.violations.map(describeViolation),
      ],
      verdict,
      jobs: history.final?.jobs ?? [],
      tries: world.tries.map(({ process, operation }) => `${process.name}:${operation}`),
      injected: faults.injected,
      recoverySeconds,
      story: [...history.facts.map((fact) => JSON.stringify(fact)), ...world.log],
    };
  } finally {
    await world.close();
  }
}

class CourseRun {
  readonly stage: Stage;
  readonly #faults: FaultInjector;
  readonly #course: LifeCourse;
  readonly #isDisturbed: boolean;
  readonly #prefix: string;
  readonly #requests: Pick<ApiCall, "over">[] = [];
  readonly #toCancel = new Set<string>();
  /** When days had passed, in epoch milliseconds. */
  #agedAt = 0;
  #crash: { calls: number; readonly side: "before" | "after" } | undefined;

  constructor(stage: Stage, faults: FaultInjector, course: LifeCourse) {
    runs += 1;
    this.stage = stage;
    this.#faults = faults;
    this.#course = course;
    this.#prefix = `life-${runs}`;
    const steps = [...course.before, ...course.after];
    const keys = steps.flatMap((step) => (step.do === "add" && step.key !== undefined ? [step.key] : []));
    this.#isDisturbed =
      course.jobType.maxReceiveCount !== undefined ||
      new Set(keys).size < keys.length ||
      steps.some((step) => !UNDISTURBING.includes(step.do));
  }

  readonly intercept: Interceptor = async (attempt, perform) => {
    if (this.#crash !== undefined) this.#crash.calls -= 1;
    if (this.#crash === undefined || this.#crash.calls >= 0) {
      return await this.#faults.intercept(this.stage.world, attempt, perform);
    }
    const { side } = this.#crash;
    this.#crash = undefined;
    // A refusal is an answer too, and is lost with the process.
    if (side === "after") await perform().catch(() => undefined);
    attempt.process.kill();
    return {};
  };

  /** Takes the steps, and ends all faults. */
  async play(): Promise<void> {
    const { before, ageSeconds, after } = this.#course;
    limitStarted(this.stage.world);
    for (const step of before) await this.#take(step);
    if (ageSeconds > 0) await this.#age(ageSeconds);
    for (const step of after) await this.#take(step);
    this.#faults.stop();
    this.#crash = undefined;
  }

  /** Answers that no client may get, and ends that no job with its script may come to. */
  problemsOf({ facts, final }: History): string[] {
    // An error says that nobody knows, and faults may use up the attempts of any job.
    const isFaulty = this.#course.faultRate > 0;
    const answers = facts.flatMap((fact) => {
      if (fact.kind !== "answered" || (isFaulty && fact.status >= 500)) return [];
      const { request, status } = fact;
      const isUnkeyed = request.operation === "add" && request.idempotencyKey === undefined;
      const possible = isUnkeyed ? [202] : STATUSES[request.operation];
      return possible.includes(status) ? [] : [`answered ${status}, not ${possible.join(" or ")}: ${JSON.stringify(request)}`];
    });
    return isFaulty ? answers : [...answers, ...(final?.jobs ?? []).flatMap((job) => this.#wrongEnd(job))];
  }

  #wrongEnd(job: StoredJob): string[] {
    const request = this.stage.accepted.get(job.id);
    if (request === undefined) return [];
    const isAged = Date.parse(job.createdAt) < this.#agedAt;
    const end = job.status === "FAILED" ? `FAILED ${job.error?.code}` : job.status;
    const possible = [
      endOf(request.script ?? {}),
      ...(this.#toCancel.has(job.id) ? ["CANCELLED"] : []),
      ...(this.#isDisturbed || isAged ? DISTURBED_ENDS : []),
    ];
    const script = JSON.stringify(request.script).slice(0, 100);
    return possible.includes(end) ? [] : [`job ${job.id} (${script}) ended as ${end}, not as ${possible.join(" or ")}`];
  }

  async #take(step: LifeStep): Promise<void> {
    const { stage } = this;
    const { world } = stage;
    switch (step.do) {
      case "add":
      case "cancel":
      case "get":
      case "retry":
        return await this.#request(step);
      case "add batch":
      case "cancel batch":
        return await this.#requestOfBatch(step);
      case "start worker":
        stage.worker(step.skewMs);
        return;
      case "kill":
      case "tell":
      case "stall":
      case "resume": {
        const worker = stage.workers[step.worker % Math.max(1, stage.workers.length)];
        if (step.do === "tell") worker?.tell();
        else worker?.process[step.do]();
        return;
      }
      case "redeliver":
        return await redeliver(world);
      case "redrive": {
        const id = this.#jobAt(step.job);
        if (id !== undefined) await duplicate(world, id);
        return;
      }
      case "crash":
        this.#crash = { calls: step.calls, side: step.side };
        return;
      case "pass":
        return await world.pass(step.seconds);
      case "jump":
        world.platform.time.advanceTo(world.now + step.seconds * 1_000);
    }
  }

  async #request(step: StepOf<"add" | "cancel" | "get" | "retry">): Promise<void> {
    const call = this.#ask(step);
    if (call === undefined) return;
    this.#requests.push(call);
    limitInvocation(call.process);
    if (step.waits) await this.stage.world.until(() => call.over, ANSWER_SECONDS);
  }

  async #requestOfBatch(step: StepOf<"add batch" | "cancel batch">): Promise<void> {
    const { stage } = this;
    const id = step.do === "add batch" ? undefined : stage.batches[step.batch % Math.max(1, stage.batches.length)];
    if (step.do === "cancel batch" && id === undefined) return;
    const call = step.do === "add batch" ? stage.beginToAddBatch(this.#batchOf(step)) : stage.beginToCancelBatch(id ?? "");
    this.#requests.push(call);
    limitInvocation(call.process);
    if (step.waits) await stage.world.until(() => call.over, ANSWER_SECONDS);
  }

  #batchOf({ key, scripts, follows }: StepOf<"add batch">): AddBatchRequest {
    return {
      scripts: scripts.map((script) => SCRIPTS[script]),
      idempotencyKey: `${this.#prefix}-batch-${key}`,
      ...(follows ? { onComplete: {} } : {}),
    };
  }

  #ask(step: StepOf<"add" | "cancel" | "get" | "retry">): ApiCall | undefined {
    const { skewMs } = step;
    if (step.do === "add") {
      const { key, script, delaySeconds } = step;
      const request = {
        script: SCRIPTS[script],
        ...(key === undefined ? {} : { idempotencyKey: `${this.#prefix}-${key}` }),
        ...(delaySeconds === 0 ? {} : { delaySeconds }),
      };
      return this.stage.beginToAdd(request, skewMs);
    }
    const id = this.#jobAt(step.job);
    if (id === undefined) return undefined;
    if (step.do === "get") return getJob(this.stage.world, id, skewMs);
    if (step.do === "retry") return this.stage.beginToRetry(id, skewMs);
    this.#toCancel.add(id);
    return this.stage.beginToCancel(id, skewMs);
  }

  #jobAt(place: number): string | undefined {
    const known = [...this.stage.accepted.keys()];
    return known[place % Math.max(1, known.length)];
  }

  /** Lets days pass, but in no request, and then adds a job: the checker learns the time from commits. */
  async #age(seconds: number): Promise<void> {
    this.#crash = undefined;
    const { world } = this.stage;
    await world.until(() => this.#requests.every(({ over }) => over), ANSWER_SECONDS);
    await this.#take({ do: "jump", seconds });
    this.#agedAt = world.now - 1_000 * (seconds / 2);
    await this.#take({ do: "add", key: undefined, script: "success", delaySeconds: 0, skewMs: 0, waits: true });
  }
}
