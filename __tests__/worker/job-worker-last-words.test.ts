import { describe, expect, it } from "vitest";
import { isTerminal } from "../../domain/job.ts";
import { LastWordsStore } from "../../domain/last-words.ts";
import { eventually } from "../support/worker-eventually.ts";
import { workerSuite } from "../support/worker-suite.ts";
import type { WorkerUnderTest } from "../support/worker-under-test.ts";

const { emulators, start } = workerSuite();

const denied = (): Error => Object.assign(new Error("not authorized"), { name: "AccessDeniedException" });
const lastWords = ({ jobType }: WorkerUnderTest) =>
  new LastWordsStore(emulators().dynamoDb, emulators().jobsTableName, jobType.name).read(Date.now());
const said = (kind: string, code: string) =>
  expect.objectContaining({ kind, worker: "test", error: expect.objectContaining({ code }) });

describe("a worker's last words", () => {
  it("are why it cannot claim, until it can", async () => {
    let broken = true;
    const worker = await start({
      handler: () => "done",
      jobType: { leaseSeconds: 3 },
      overrides: ({ store }) => ({
        store: {
          get: (id) => store.get(id),
          recordProgress: (...progress) => store.recordProgress(...progress),
          recordCheckpoint: (...checkpoint) => store.recordCheckpoint(...checkpoint),
          transition: async (...transition) => (broken ? Promise.reject(denied()) : await store.transition(...transition)),
        },
      }),
    });
    const { id } = await worker.add();
    await eventually(async () => expect(await lastWords(worker)).toEqual(said("claim", "AccessDeniedException")));
    broken = false;
    await worker.until(id, isTerminal);
    await eventually(async () => expect(await lastWords(worker)).toBeUndefined());
  });

  it("are why it cannot receive, until it can", async () => {
    let broken = true;
    const worker = await start({
      handler: () => "done",
      overrides: ({ queue }) => ({
        queue: {
          receive: async (...receive) => (broken ? Promise.reject(denied()) : await queue.receive(...receive)),
          setVisibility: (...message) => queue.setVisibility(...message),
          delete: (...message) => queue.delete(...message),
        },
      }),
    });
    await eventually(async () => expect(await lastWords(worker)).toEqual(said("claim", "AccessDeniedException")));
    broken = false;
    const { id } = await worker.add();
    await worker.until(id, isTerminal);
    await eventually(async () => expect(await lastWords(worker)).toBeUndefined());
  });

  it("are why attempts cannot begin, and stay when it has stopped", async () => {
    const stopping = Promise.withResolvers<void>();
    const worker = await start({
      handler: () => expect.unreachable(),
      overrides: ({ runner }) => ({
        runner: {
          run: async () => ({ kind: "notBegun", code: "ENOSPC", message: "no space left on device" }),
          close: () => runner.close(),
        },
        onNotBegun: stopping.resolve,
      }),
    });
    await worker.add();
    await stopping.promise;
    await worker.worker.stop();
    expect(await lastWords(worker)).toEqual(said("start", "ENOSPC"));
  });

  it("are no write of a job that runs through", async () => {
    const worker = await start({ handler: () => "done" });
    const { id } = await worker.add();
    await worker.until(id, isTerminal);
    expect(await lastWords(worker)).toBeUndefined();
  });
});
