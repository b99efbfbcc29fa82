import { afterAll, afterEach, beforeAll } from "vitest";
import { type Emulators, startEmulators } from "./emulators.ts";
import { type WorkerUnderTest, type WorkerUnderTestSettings, workerUnderTest } from "./worker-under-test.ts";

type Settings = Omit<WorkerUnderTestSettings, "emulators">;

export interface WorkerSuite {
  readonly emulators: () => Emulators;
  /** A worker that has not started yet; it is stopped after the test. */
  readonly prepare: (test: Settings) => Promise<WorkerUnderTest>;
  /** A worker that runs until the end of the test. */
  readonly start: (test: Settings) => Promise<WorkerUnderTest>;
}

/** Emulators for all tests of the file that calls it, and workers that end with their test. */
export function workerSuite(): WorkerSuite {
  let emulators: Emulators;
  let running: WorkerUnderTest[] = [];
  beforeAll(async () => {
    emulators = await startEmulators();
  });
  afterEach(async () => {
    await Promise.all(running.map(({ worker }) => worker.stop()));
    running = [];
  });
  afterAll(async () => {
    await emulators.stop();
  });

  const prepare: WorkerSuite["prepare"] = async (test) => {
    const prepared = await workerUnderTest({ emulators, ...test });
    running.push(prepared);
    return prepared;
  };
  const start: WorkerSuite["start"] = async (test) => {
    const started = await prepare(test);
    started.worker.start();
    return started;
  };
  return { emulators: () => emulators, prepare, start };
}
