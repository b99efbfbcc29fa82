import type { StoredJob } from "../../../domain/job.ts";
import { MAX_VISIBILITY_SECONDS } from "../../../domain/limits.ts";
import { seededRandom } from "../../support/seeded-random.ts";
import { checkHistory } from "../checker/check-history.ts";
import { describeViolation, type Verdict } from "../checker/verdict.ts";
import { FaultInjector } from "../faults/fault-injector.ts";
import { slowNetwork } from "../faults/slow-network.ts";
import { reordered } from "../faults/subscriber-order.ts";
import { type ApiCall, addJob, cancelJob, getJob } from "../world/api-calls.ts";
import type { AwsTry, CallOutput, Pick } from "../world/call-gate.ts";
import { mapDeadLetters } from "../world/dead-letter-mapping.ts";
import { limitDeadLetters, limitInvocation } from "../world/invocation-limit.ts";
import { duplicate, redeliver } from "../world/redelivery.ts";
import { settledHistory } from "../world/settled-history.ts";
import { type SimulatedWorker, type SimulatedWorkerSettings, startWorker } from "../world/simulated-worker.ts";
import { World } from "../world/world.ts";
import type { WorldPlatform } from "../world/world-platform.ts";
import { LifeModel, type Prediction } from "./life-model.ts";
import { type LifeCourse, type LifeStep, SCRIPTS } from "./life-steps.ts";

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

interface Asked {
  readonly call: ApiCall;
  readonly predicted: Prediction;
  /** A keyed add, which its client repeats. */
  readonly add: StepOf<"add"> | undefined;
  isJudged: boolean;
}

/** A request takes no longer than its Lambda may. */
const ANSWER_SECONDS = 60;
/** A message of a job that seems to be held for days, after such a jump of time, is put back for 12 h. */
const SETTLE_SECONDS = MAX_VISIBILITY_SECONDS + 7_200;
const DELAY_SECONDS = 30;
/** Without these, a job ends as its script says; a second message of a job disturbs it too. */
const UNDISTURBING: readonly LifeStep["do"][] = ["add", "get", "cancel", "start worker", "pass"];
const MAX_ROUNDS = 4;

let runs = 0;

/** Plays a generated course on a fresh world, lets that settle without disturbance, and checks all that happened. */
export async function runCourse(
  platform: WorldPlatform,
  course: LifeCourse,
  worker?: SimulatedWorkerSettings["overrides"],
): Promise<CourseOutcome> {
  const run = new CourseRun(course, worker);
  // Its own, for the SDK's allowance of retries is shared by all calls of a client.
  const clients = course.faultRate > 0 ? platform.newClients() : platform.clients;
  if (course.faultRate > 0) slowNetwork(clients, () => run.faults.delayMs());
  const world: World = await World.open(platform, {
    jobType: course.jobType,
    intercept: (attempt, perform) => run.intercept(world, attempt, perform),
    clients,
    ...run.chances,
  });
  try {
    return await run.play(world, course);
  } finally {
    await world.close();
  }
}

class CourseRun {
  readonly chances: { readonly pick: Pick; readonly random: () => number };
  readonly faults: FaultInjector;
  readonly #isFaulty: boolean;
  readonly #worker: SimulatedWorkerSettings["overrides"];
  readonly #model = new LifeModel();
  readonly #problems: string[] = [];
  readonly #asked: Asked[] = [];
  readonly #workers: SimulatedWorker[] = [];
  readonly #prefix: string;
  readonly #isDisturbed: boolean;
  #crash: { calls: number; readonly side: "before" | "after" } | undefined;

  constructor({ order, before, after, jobType, faultRate }: LifeCourse, worker: SimulatedWorkerSettings["overrides"]) {
    runs += 1;
    this.#prefix = `life-${runs}`;
    this.#worker = worker;
    const random = seededRandom(order);
    this.faults = new FaultInjector(faultRate, random);
    this.#isFaulty = faultRate > 0;
    this.chances = { pick: ({ length }) => Math.floor(random() * length), random };
    const steps = [...before, ...after];
    const keys = steps.flatMap((step) => (step.do === "add" && step.key !== undefined ? [step.key] : []));
    this.#isDisturbed =
      jobType.maxReceiveCount !== undefined ||
      new Set(keys).size < keys.length ||
      steps.some((step) => !UNDISTURBING.includes(step.do));
  }

  async intercept(world: World, attempt: AwsTry, perform: () => Promise<CallOutput>): Promise<CallOutput> {
    if (this.#crash !== undefined) this.#crash.calls -= 1;
    if (this.#crash === undefined || this.#crash.calls >= 0) return await this.faults.intercept(world, attempt, perform);
    const { side } = this.#crash;
    this.#crash = undefined;
    // A refusal is an answer too, and is lost with the process.
    if (side === "after") await perform().catch(() => undefined);
    attempt.process.kill();
    return {};
  }

  async play(world: World, { before, ageSeconds, after }: LifeCourse): Promise<CourseOutcome> {
    mapDeadLetters(world);
    limitDeadLetters(world);
    for (const step of before) await this.#take(world, step);
    if (ageSeconds > 0) await this.#age(world, ageSeconds);
    for (const step of after) await this.#take(world, step);
    this.faults.stop();
    const disturbedAt = world.now;
    await this.#recover(world);
    const recoverySeconds = (world.now - disturbedAt) / 1_000;
    const { history, moved } = reordered(await settledHistory(world), this.chances.random);
    if (this.#isFaulty) this.faults.note("reordered events", moved);
    const verdict = checkHistory(history);
    const jobs = history.final?.jobs ?? [];
    // Faults may use up the attempts of any job.
    const ends = this.#isFaulty ? [] : jobs.flatMap((job) => this.#model.end(job, this.#isDisturbed) ?? []);
    return {
      problems: [...this.#problems, ...ends, ...verdict.violations.map(describeViolation)],
      verdict,
      jobs,
      tries: world.tries.map(({ process, operation }) => `${process.name}:${operation}`),
      injected: this.faults.injected,
      recoverySeconds,
      story: [...history.facts.map((fact) => JSON.stringify(fact)), ...world.log],
    };
  }

  async #take(world: World, step: LifeStep): Promise<void> {
    switch (step.do) {
      case "add":
      case "cancel":
      case "get":
        await this.#request(world, step);
        break;
      case "start worker":
        this.#workers.push(startWorker(world, { skewMs: step.skewMs, overrides: this.#worker ?? (() => ({})) }));
        break;
      case "kill":
      case "tell":
      case "stall":
      case "resume":
        this.#signal(step);
        break;
      case "redeliver":
        await redeliver(world);
        break;
      case "redrive": {
        const id = this.#jobAt(step.job);
        if (id !== undefined) await duplicate(world, id);
        break;
      }
      case "crash":
        this.#crash = { calls: step.calls, side: step.side };
        break;
      case "pass":
        await world.pass(step.seconds);
        break;
      case "jump":
        this.#jump(world, step.seconds);
    }
    this.#judge();
  }

  #signal({ do: signal, worker: place }: StepOf<"kill" | "tell" | "stall" | "resume">): void {
    const workers = this.#workers.filter(({ process }) => !process.gone);
    const worker = workers[place % Math.max(1, workers.length)];
    if (signal === "tell") worker?.tell();
    else worker?.process[signal]();
  }

  async #request(world: World, step: StepOf<"add" | "cancel" | "get">): Promise<void> {
    const asked = this.#ask(world, step);
    if (asked === undefined) return;
    this.#asked.push(asked);
    limitInvocation(asked.call.process);
    if (step.waits) await world.until(() => asked.call.over, ANSWER_SECONDS);
  }

  #ask(world: World, step: StepOf<"add" | "cancel" | "get">): Asked | undefined {
    const { skewMs } = step;
    if (step.do === "add") {
      const { key, script, delayed } = step;
      const predicted = this.#model.askToAdd(step);
      const call = addJob(
        world,
        {
          script: SCRIPTS[script],
          ...(key === undefined ? {} : { idempotencyKey: `${this.#prefix}-${key}` }),
          ...(delayed ? { delaySeconds: DELAY_SECONDS } : {}),
        },
        { skewMs },
      );
      return { call, predicted, add: key === undefined ? undefined : step, isJudged: false };
    }
    const id = this.#jobAt(step.job);
    if (id === undefined) return undefined;
    const isCancel = step.do === "cancel";
    const predicted = isCancel ? this.#model.askToCancel(id) : this.#model.askToGet(id);
    const call = (isCancel ? cancelJob : getJob)(world, id, { skewMs });
    return { call, predicted, add: undefined, isJudged: false };
  }

  #jobAt(place: number): string | undefined {
    const { known } = this.#model;
    return known[place % Math.max(1, known.length)];
  }

  /** In the order in which they were asked. */
  #judge(): void {
    for (const asked of this.#asked) {
      const { call, predicted } = asked;
      if (asked.isJudged || call.answer === undefined) continue;
      asked.isJudged = true;
      // An error says that nobody knows.
      if (this.#isFaulty && call.answer.status >= 500) continue;
      const wrong = predicted(call.answer);
      if (wrong !== undefined) this.#problems.push(`${call.process.name}: ${wrong}`);
    }
  }

  /** Lets days pass, but in no request, and then adds a job: the checker learns the time from commits. */
  async #age(world: World, seconds: number): Promise<void> {
    this.#crash = undefined;
    await this.#untilAnswered(world);
    this.#jump(world, seconds);
    this.#model.age();
    await this.#take(world, { do: "add", key: undefined, script: "success", delayed: false, skewMs: 0, waits: true });
  }

  #jump(world: World, seconds: number): void {
    world.platform.time.advanceTo(world.now + seconds * 1_000);
  }

  /** What stood still goes on, there is a worker, and keyed adds without an answer are repeated; then all jobs are read. */
  async #recover(world: World): Promise<void> {
    this.#crash = undefined;
    let settled = false;
    for (let round = 0; round < MAX_ROUNDS && !settled; round += 1) {
      for (const process of world.processes) process.resume();
      if (!this.#workers.some(({ process }) => process.running)) await this.#take(world, { do: "start worker", skewMs: 0 });
      await this.#untilAnswered(world);
      await this.#repeatAdds(world);
      settled = (await world.settle(SETTLE_SECONDS)) && this.#workers.some(({ process }) => process.running);
    }
    if (!settled) this.#problems.push("the world did not settle");
    for (const [job] of this.#model.known.entries()) await this.#take(world, { do: "get", job, skewMs: 0, waits: true });
  }

  async #untilAnswered(world: World): Promise<void> {
    await world.until(() => this.#asked.every(({ call }) => call.over), ANSWER_SECONDS);
    this.#judge();
  }

  async #repeatAdds(world: World): Promise<void> {
    for (const { call, add } of [...this.#asked]) {
      if (add === undefined || (call.answer?.status ?? 500) < 500) continue;
      await this.#take(world, { ...add, skewMs: 0, waits: true });
      if (this.#asked.at(-1)?.call.answer === undefined) this.#problems.push(`an add with key ${add.key} was never answered`);
    }
  }
}
