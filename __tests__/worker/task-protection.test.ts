import { setImmediate as nextTurn } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { TaskProtection } from "../../worker/task-protection.ts";
import { ADDED_AT } from "../support/build-job.ts";
import { blocked, granted, StandInEcsAgent } from "../support/stand-in-ecs-agent.ts";
import { eventually } from "../support/worker-eventually.ts";

const MINUTE_MS = 60_000;

let now: number;
let agent: StandInEcsAgent;
let agentUri: string;
let answers: Promise<unknown>[];
let report: ReturnType<typeof vi.fn<(message: string) => void>>;
let protection: TaskProtection;

beforeEach(async () => {
  now = ADDED_AT;
  agent = new StandInEcsAgent();
  report = vi.fn();
  answers = [];
  const { fetch } = globalThis;
  vi.spyOn(globalThis, "fetch").mockImplementation((...request) => {
    const answer = fetch(...request);
    answers.push(answer.then(async (response) => await response.clone().text()).catch(() => {}));
    return answer;
  });
  agentUri = await agent.start();
  protection = new TaskProtection({ agentUri, now: () => now, report });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await agent.stop();
});

/** Waits until the protection has had an answer, or the lack of one, to all it asked. */
async function settled(): Promise<void> {
  await Promise.all(answers);
  await nextTurn();
}

/** Lets time pass, a tick each second. */
async function pass(seconds: number): Promise<void> {
  for (const end = now + seconds * 1_000; now < end; ) {
    now += 1_000;
    protection.tick();
    await settled();
  }
}

/** What was asked: minutes of protection, or `false` for its end. */
function asked(): (number | false | undefined)[] {
  return agent.requests.map(({ body }) => body.ProtectionEnabled && body.ExpiresInMinutes);
}

describe("task protection", () => {
  it("is asked for with the first job, for as long as it may run and a while more", async () => {
    protection.busyUntil(now + 20 * MINUTE_MS);
    await settled();
    expect(agent.requests).toEqual([
      {
        method: "PUT",
        path: "/api/0123456789abcdef/task-protection/v1/state",
        body: { ProtectionEnabled: true, ExpiresInMinutes: 30 },
      },
    ]);
  });

  it("costs no call per job: a stream of jobs renews it now and then", async () => {
    for (let minute = 0; minute < 60; minute += 1) {
      protection.busyUntil(now + 2 * MINUTE_MS);
      await pass(60);
    }
    expect(asked()).toEqual([12, 12, 12, 12, 12, 12]);
  });

  it("is asked for again, once, where a longer job comes while the first answer is under way", async () => {
    protection.busyUntil(now + MINUTE_MS);
    protection.busyUntil(now + 100 * MINUTE_MS);
    await pass(3);
    expect(asked()).toEqual([11, 110]);
  });

  it("is renewed for a job that runs longer than any protection lasts, before it ends", async () => {
    protection.busyUntil(now + 5 * 1_440 * MINUTE_MS);
    await settled();
    now += 2_820 * MINUTE_MS;
    protection.tick();
    await settled();
    now += MINUTE_MS;
    protection.tick();
    await settled();
    expect(asked()).toEqual([2_880, 2_880]);
  });

  it("is given up when the worker has been idle for a moment, and not between two jobs", async () => {
    protection.busyUntil(now + MINUTE_MS);
    protection.idle();
    await pass(4);
    protection.busyUntil(now + MINUTE_MS);
    await pass(4);
    expect(asked()).toEqual([11]);
    protection.idle();
    await pass(10);
    expect(asked()).toEqual([11, false]);
    await pass(60);
    expect(asked()).toEqual([11, false]);
    protection.busyUntil(now + MINUTE_MS);
    await settled();
    expect(asked()).toEqual([11, false, 11]);
  });

  it("is given up as soon as its setting says", async () => {
    protection = new TaskProtection({ agentUri, idleSeconds: 2, now: () => now, report });
    protection.busyUntil(now + MINUTE_MS);
    await settled();
    protection.idle();
    await pass(1);
    expect(asked()).toEqual([11]);
    await pass(1);
    expect(asked()).toEqual([11, false]);
  });

  it("is given up at the end, where there is one", async () => {
    await protection.release();
    expect(asked()).toEqual([]);
    protection.busyUntil(now + MINUTE_MS);
    await settled();
    await protection.release();
    expect(asked()).toEqual([11, false]);
  });

  it("is never asked for by an idle worker", async () => {
    protection.idle();
    await pass(60);
    expect(asked()).toEqual([]);
    expect(protection.paused).toBe(false);
  });
});

describe("task protection that is refused", () => {
  it("pauses the worker while the deployment is blocked, and is asked for again", async () => {
    agent.answer = blocked;
    protection.busyUntil(now + MINUTE_MS);
    await eventually(() => expect(protection.paused).toBe(true));
    expect(report).toHaveBeenCalledWith("ECS refused task protection: DEPLOYMENT_BLOCKED: a deployment is under way");
    await pass(9);
    expect(asked()).toHaveLength(1);
    agent.answer = granted;
    await pass(2);
    expect(asked()).toHaveLength(2);
    await eventually(() => expect(protection.paused).toBe(false));
  });

  it("pauses the worker for five minutes at the most", async () => {
    agent.answer = blocked;
    protection.busyUntil(now + 60 * MINUTE_MS);
    await eventually(() => expect(protection.paused).toBe(true));
    await pass(299);
    expect(protection.paused).toBe(true);
    await pass(1);
    expect(protection.paused).toBe(false);
    await pass(60);
    expect(protection.paused).toBe(false);
  });

  it("pauses nothing when the worker is idle: it says so, and takes work again", async () => {
    agent.answer = blocked;
    protection.busyUntil(now + MINUTE_MS);
    await eventually(() => expect(protection.paused).toBe(true));
    protection.idle();
    agent.answer = granted;
    await pass(12);
    expect(asked()).toEqual([11, false]);
    expect(protection.paused).toBe(false);
  });

  it.each<[string, StandInEcsAgent["answer"], string]>([
    [
      "an error",
      (_, response) => response.end('{"error":{"Code":"ThrottlingException","Message":"slow down"}}'),
      "ThrottlingException: slow down",
    ],
    ["an answer without a reason", (_, response) => response.writeHead(503).end("{}"), "HTTP 503: no detail"],
    ["an answer that is no JSON", (_, response) => response.end("<html>"), "the ECS agent did not answer: "],
    ["a connection that breaks", (_, response) => response.destroy(), "the ECS agent did not answer: fetch failed"],
  ])("pauses nothing for %s, and is asked for again", async (_, answer, message) => {
    agent.answer = answer;
    protection.busyUntil(now + MINUTE_MS);
    await eventually(() => expect(report).toHaveBeenCalledWith(expect.stringContaining(message)));
    expect(protection.paused).toBe(false);
    agent.answer = granted;
    await pass(11);
    expect(asked()).toEqual([11, 11]);
  });

  it("does not hang on an agent that never answers", async () => {
    const timeout = AbortSignal.timeout.bind(AbortSignal);
    const deadline = vi.spyOn(AbortSignal, "timeout").mockImplementation(() => timeout(50));
    agent.answer = () => {};
    protection.busyUntil(now + MINUTE_MS);
    await eventually(() => expect(report).toHaveBeenCalledWith(expect.stringContaining("the ECS agent did not answer")));
    expect(deadline).toHaveBeenCalledWith(5_000);
    expect(protection.paused).toBe(false);
  });

  it("does not matter where the agent is gone", async () => {
    await agent.stop();
    protection.busyUntil(now + MINUTE_MS);
    await eventually(() => expect(report).toHaveBeenCalledTimes(1));
    await protection.release();
    expect(protection.paused).toBe(false);
  });
});
