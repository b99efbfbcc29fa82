import { describe, expect, it, vi } from "vitest";
import { PermanentError } from "../../domain/errors.ts";
import { isTerminal, type Job } from "../../domain/job.ts";
import type { JobWorkerDependencies } from "../../worker/job-worker.ts";
import { receiveEvents } from "../support/job-events-seen.ts";
import { publicEvent, publicJob } from "../support/public-job.ts";
import { eventually } from "../support/worker-eventually.ts";
import { workerSuite } from "../support/worker-suite.ts";

const { emulators, start } = workerSuite();

/** A topic that takes a version only when it is told to. */
function outage(version: number) {
  let down = true;
  const refused = vi.fn();
  const overrides = ({ events }: JobWorkerDependencies): Partial<JobWorkerDependencies> => ({
    events: {
      publish: async (job) => {
        if (down && job.version === version) {
          refused();
          throw new Error("SNS is down");
        }
        await events.publish(job);
      },
    },
  });
  return { overrides, refused, end: () => (down = false) };
}

describe("the events of a job", () => {
  it("come for every version, and each equals the state that was committed", async () => {
    const committed = new Map<string, Job>();
    const { add, until } = await start({
      jobType: { maxAttempts: 3 },
      handler: async ({ kind }, { attempt, progress }) => {
        await progress(0.5, "half way");
        if (kind === "permanent") throw new PermanentError("no");
        if (kind === "hopeless" || (kind === "flaky" && attempt < 3)) throw new Error(`attempt ${attempt}`);
        return { kind };
      },
      overrides: ({ store, events }) => ({
        store: {
          get: (id) => store.get(id),
          recordProgress: (...progress) => store.recordProgress(...progress),
          recordCheckpoint: (...checkpoint) => store.recordCheckpoint(...checkpoint),
          transition: async (...write) => {
            const outcome = await store.transition(...write);
            if (outcome.applied) committed.set(`${outcome.job.id} ${outcome.job.version}`, publicEvent(outcome.job));
            return outcome;
          },
        },
        events: {
          publish: async (job) => {
            if (job.version > 1) expect(committed.get(`${job.id} ${job.version}`)).toEqual(publicEvent(job));
            await events.publish(job);
          },
        },
      }),
    });
    const kinds = ["echo", "permanent", "hopeless", "flaky"];
    const jobs = await Promise.all([...kinds, ...kinds, ...kinds].map((kind) => add({ input: JSON.stringify({ kind }) })));
    const ends = await Promise.all(jobs.map(({ id }) => until(id, isTerminal)));
    const expected = ends.flatMap(({ id, version }) => Array.from({ length: version }, (_, before) => `${id} ${before + 1}`));
    const seen = (events: readonly Job[]) => new Map(events.map((event) => [`${event.id} ${event.version}`, event]));
    const events = seen(await receiveEvents(emulators(), (all) => expected.every((version) => seen(all).has(version))));
    for (const [version, event] of committed) expect(events.get(version)).toEqual(event);
    for (const end of ends) expect(events.get(`${end.id} ${end.version}`)).toEqual(publicJob(end));
  });

  it("are published before the job goes on, and before its message is deleted, however long SNS is down", async () => {
    for (const version of [2, 3]) {
      const { overrides, refused, end } = outage(version);
      const { add, until, journal } = await start({ handler: () => "done", overrides });
      const { id } = await add();
      await eventually(() => expect(refused.mock.calls.length).toBeGreaterThan(2));
      const before = version === 2 ? ["claim 2"] : ["claim 2", "publish 2", "succeed 3"];
      expect(journal.of(id)).toEqual(before);
      end();
      await journal.until(id, "delete");
      await until(id, isTerminal);
      expect(journal.of(id)).toEqual(["claim 2", "publish 2", "succeed 3", "publish 3", "delete"]);
    }
  });

  it("are published by whoever gets the message next where the worker gave up", async () => {
    const { overrides, refused, end } = outage(3);
    const { add, journal, queueEmpty, lines } = await start({
      handler: () => "done",
      jobType: { leaseSeconds: 3 },
      settings: { giveUpMs: -1 },
      overrides,
    });
    const { id } = await add();
    await eventually(() => expect(refused).toHaveBeenCalled());
    end();
    await queueEmpty();
    expect(journal.of(id)).toEqual(["claim 2", "publish 2", "succeed 3", "publish 3", "delete"]);
    expect(lines).toContainEqual(expect.objectContaining({ jobId: id, outcome: "abandoned", reason: "Unavailable" }));
  });
});
