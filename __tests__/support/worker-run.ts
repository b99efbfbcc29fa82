import type { Run } from "../../worker/runner.ts";

/** A run that nothing aborts, and whose progress, log lines and files go nowhere. */
export function buildRun(overrides: Partial<Run> = {}): Run {
  return {
    id: "01J00000000000000000000000",
    type: "test",
    attempt: 1,
    input: "{}",
    signal: new AbortController().signal,
    kill: new AbortController().signal,
    progress: () => {},
    log: () => {},
    putFile: async (name, _, contentType) => ({ bucket: "test", key: name, bytes: 0, contentType }),
    ...overrides,
  };
}
