import type { RegistryEntry } from "../../domain/job-type-registry.ts";

/** What a job type called `name` registers. */
export function buildRegistryEntry(name: string, overrides: Partial<RegistryEntry> = {}): RegistryEntry {
  return {
    name,
    description: "Echoes its input",
    inputSchema: { type: "object" },
    queueUrl: `http://127.0.0.1/000000000000/${name}`,
    maxAttempts: 3,
    timeoutSeconds: 120,
    concurrency: 1,
    maxTasks: 10,
    isolation: "thread",
    wake: { cluster: "jobs", service: name, recheckSeconds: 30 },
    ...overrides,
  };
}
