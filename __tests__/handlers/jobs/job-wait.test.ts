import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { StoredJob } from "../../../domain/job.ts";
import { LAMBDA_TIMEOUT_SECONDS, MAX_WAIT_SECONDS } from "../../../domain/limits.ts";
import { ROUTES } from "../../../domain/routes.ts";
import { isTransient } from "../../../handlers/http/transient-error.ts";
import { nextReadMs, readInTime, WAIT_PARAMETERS } from "../../../handlers/jobs/job-wait.ts";
import { buildJob } from "../../support/build-job.ts";
import { recordCalls } from "../../support/client-middleware.ts";
import { ADA, BOB, ownerOf } from "../api-event.ts";
import { type ApiUnderTest, startApi } from "../api-under-test.ts";

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => {
  await api.stop();
});

async function stored(overrides: Partial<StoredJob> = {}): Promise<StoredJob> {
  const job = buildJob({ expiresAt: undefined, ...overrides } as Partial<StoredJob>);
  await api.dynamoDb.send(new PutCommand({ TableName: api.jobsTableName, Item: job }));
  return job;
}

/** Waits for a job on a clock of the test's own. @param during what happens at each pause. */
function waiting({ access = "account" as "account" | "owner", during = async (_: number) => {} } = {}) {
  const start = Date.now();
  const pauses: number[] = [];
  const elapsed = () => pauses.reduce((sum, ms) => sum + ms, 0);
  const call = api.variant({
    access,
    now: () => start + elapsed(),
    sleep: async (ms) => {
      pauses.push(ms);
      await during(elapsed());
    },
  });
  return { call, pauses, elapsed };
}

describe("GET /jobs/{id}?waitSeconds=", () => {
  it("has the parameters that its route takes, each described", () => {
    expect(Object.keys(WAIT_PARAMETERS)).toEqual(ROUTES.getJob.query);
  });

  it("answers at once for a job that has ended, with one read", async () => {
    const { id } = await stored({ status: "SUCCEEDED", result: "1" });
    const { call, pauses } = waiting();
    const calls = recordCalls(api.dynamoDb);
    expect(await call("getJob", { id, query: { waitSeconds: "25" } })).toMatchObject({ status: 200, body: { result: 1 } });
    expect([pauses, calls.length]).toEqual([[], 1]);
  });

  it("answers as soon as the job has ended", async () => {
    const job = await stored({ status: "RUNNING" });
    const end = async (elapsedMs: number) => {
      if (elapsedMs >= 7_000) await stored({ ...job, status: "FAILED", error: { code: "Error", message: "no luck" } });
    };
    const { call, elapsed } = waiting({ during: end });
    const { body } = await call("getJob", { id: job.id, query: { waitSeconds: "25" } });
    expect(body).toMatchObject({ status: "FAILED", error: { message: "no luck" } });
    expect(elapsed()).toBeLessThan(7_000 * 1.2);
  });

  it.each([1, 2, 9, 25])("answers with the job as it is when %d s are over", async (seconds) => {
    const { id } = await stored({ status: "QUEUED" });
    const { call, pauses, elapsed } = waiting();
    const calls = recordCalls(api.dynamoDb);
    expect((await call("getJob", { id, query: { waitSeconds: String(seconds) } })).body.status).toBe("QUEUED");
    expect(elapsed()).toBe(seconds * 1_000);
    expect(calls).toHaveLength(pauses.length + 1);
  });

  it("reads at most once a second, and less often the longer it waits", async () => {
    const { id } = await stored({ status: "RUNNING" });
    const { call, pauses } = waiting();
    await call("getJob", { id, query: { waitSeconds: String(MAX_WAIT_SECONDS) } });
    const whole = pauses.slice(0, -1);
    expect(whole).toEqual(whole.toSorted((a, b) => a - b));
    expect(pauses).toHaveLength(14);
    expect([0, 5_000, 10_000].map((readMs) => nextReadMs(readMs, 25_000))).toEqual([1_000, 6_000, 12_000]);
  });

  it.each(Array.from({ length: MAX_WAIT_SECONDS }, (_, index) => index + 1))(
    "has no two reads within a second, and the last at the end: of %d s",
    (seconds) => {
      const reads = [0];
      for (let last = 0; last < seconds * 1_000; ) {
        last = nextReadMs(last, seconds * 1_000);
        reads.push(last);
      }
      const pauses = reads.slice(1).map((at, index) => at - (reads[index] as number));
      expect(Math.min(...pauses)).toBeGreaterThanOrEqual(1_000);
      expect(reads.at(-1)).toBe(seconds * 1_000);
    },
  );

  it("counts the time that reads take", async () => {
    const { id } = await stored({ status: "RUNNING" });
    const slow = { ms: 700 };
    let clock = 0;
    const reads: number[] = [];
    const call = api.variant({
      now: () => clock,
      sleep: async (ms) => {
        clock += ms;
      },
      store: Object.assign(Object.create(api.store), {
        get: async (asked: string) => {
          reads.push(clock);
          clock += slow.ms;
          return await api.store.get(asked);
        },
      }),
    });
    await call("getJob", { id, query: { waitSeconds: "4" } });
    expect(reads).toEqual([0, 1_000, 2_000, 3_000, 4_000]);
    slow.ms = 1_500;
    clock = 0;
    reads.length = 0;
    await call("getJob", { id, query: { waitSeconds: "4" } });
    expect(reads).toEqual([0, 1_500, 3_000]);
  });

  it("says to ask again where the last read hangs, before the Lambda is out of time", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      const hanging = expect(readInTime(new Promise(() => undefined), MAX_WAIT_SECONDS * 1_000)).rejects.toSatisfy(isTransient);
      vi.advanceTimersByTime((LAMBDA_TIMEOUT_SECONDS - 1 - MAX_WAIT_SECONDS) * 1_000);
      await hanging;
      expect(vi.getTimerCount()).toBe(0);
      expect(await readInTime(Promise.resolve("job"), 0)).toBe("job");
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it("waits no longer though the clock is set back", async () => {
    const { id } = await stored({ status: "RUNNING" });
    const start = Date.now();
    let slept = 0;
    const call = api.variant({
      now: () => start - slept * 10,
      sleep: async (ms) => {
        slept += ms;
      },
    });
    expect((await call("getJob", { id, query: { waitSeconds: "25" } })).status).toBe(200);
    expect(slept).toBe(25_000);
  });

  it("answers with the job though the clock is set forward by an hour", async () => {
    const { id } = await stored({ status: "RUNNING" });
    const start = Date.now();
    let slept = 0;
    const call = api.variant({
      now: () => start + (slept > 0 ? 3_600_000 : 0),
      sleep: async (ms) => {
        slept += ms;
      },
    });
    expect(await call("getJob", { id, query: { waitSeconds: "25" } })).toMatchObject({
      status: 200,
      body: { status: "RUNNING" },
    });
    expect(slept).toBe(1_000);
  });

  it("tells nothing of a job that is another's, does not exist, or expires meanwhile", async () => {
    const job = await stored({ status: "RUNNING", owner: ownerOf(ADA) });
    const query = { waitSeconds: "25" };
    const others = waiting({ access: "owner" });
    expect(await others.call("getJob", { id: job.id, query, principal: BOB })).toMatchObject({ status: 404 });
    const none = waiting();
    expect((await none.call("getJob", { id: buildJob().id, query })).status).toBe(404);
    expect([others.pauses, none.pauses]).toEqual([[], []]);
    const expire = async () => void (await stored({ ...job, status: "CANCELLED", expiresAt: 1 }));
    expect((await waiting({ during: expire }).call("getJob", { id: job.id, query })).status).toBe(404);
  });

  it.each(["0", "26", "1000", "-1", "1.5", "", " 5", "1e1", "٣", "5,6", "forever"])(
    "refuses a wait of %j",
    async (waitSeconds) => {
      const { id } = await stored({ status: "SUCCEEDED", result: "1" });
      const message = `must be a whole number from 1 to 25, not ${JSON.stringify(waitSeconds)}`;
      expect(await api.call("getJob", { id, query: { waitSeconds } })).toMatchObject({
        status: 400,
        body: { code: "InvalidRequest", errors: [{ path: "?waitSeconds", message }] },
      });
    },
  );
});
