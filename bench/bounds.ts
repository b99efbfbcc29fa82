/** What each figure may be at most; `at least` in their names where it is the other way round. */
export const BOUNDS = {
  bundleBytes: 1.4,
  bundleLoad: 1.2,
  tracesBytes: 80_000,
  /** Jobs a second beside the plain consumer's. */
  workerSpeedAtLeast: 1.3,
  workerCpu: 0.6,
  workerCallsPerJob: 2.45,
  workerMemory: 1.2,
  /** Milliseconds that a job which comes alone waits for its event, beyond what the raw calls take. */
  loneJobMs: 10,
  threadSlowdown: 1.1,
  batchSeconds: 5,
  batchCallsPerJob: 1.4,
  /** The read of the partitions of the lists, a query, and the read of the jobs. */
  ownerListCalls: 3,
  ownerListSlowdown: 1.5,
  ownSynthSeconds: 5,
  synthSeconds: 30,
  synthGigabytes: 1,
  synthGrowth: 1.5,
  scrollTaskMs: 50,
  demoSeconds: 20,
  startSeconds: 5,
  testSeconds: 180,
} as const;
