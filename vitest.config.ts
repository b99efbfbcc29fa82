import { configDefaults, defineConfig, mergeConfig } from "vitest/config";
import { shared } from "./vitest.shared.ts";

const ALL = ["__tests__/**/*.test.ts", "jobs/**/*.test.ts"];

/**
 * Files that need a process of their own: they replace a module, measure their process, fill its memory, or load what changes it: pdfmake
 * brings a `Set.prototype.toJSON`. To start one and to load the packages again takes more than half a second, longer than most files run.
 */
const OWN_PROCESS = [
  "__tests__/cli/{documentation,operating,terminal,verbs}.test.ts",
  "__tests__/client/{package,platform,uploads}.test.ts",
  "__tests__/domain/{clients,process-table}.test.ts",
  "__tests__/examples/*.test.ts",
  "__tests__/handlers/{bundles,telemetry}.test.ts",
  "__tests__/local/{platform,traces}.test.ts",
  "__tests__/local/aws/{control-group,descendants,fleet,lambdas,memory-watch,task-process}.test.ts",
  "__tests__/reliability/{api,faults,mutants,properties,schedules,values}/*.test.ts",
  "__tests__/reliability/processes/reachable-memory.test.ts",
  "__tests__/scripts/{build,check-handler,costs,safe-patterns}.test.ts",
  "__tests__/worker/{main-thread-watch,poller,worker-bundle}.test.ts",
  "__tests__/worker/leases/lease-keeper.test.ts",
  "__tests__/worker/runners/commands/{folder,inherited-descriptors}.test.ts",
  "__tests__/worker/runners/threads/*.test.ts",
  "jobs/{document,inference}/*.test.ts",
  "jobs/etl/{job,csv-records}.test.ts",
];

/** `npm test`: four processes at a time, as there is mostly one or two that wait, and in each of them one file after the other. */
export default mergeConfig(
  shared,
  defineConfig({
    test: {
      maxWorkers: 4,
      projects: [
        { extends: true, test: { name: "own process", include: OWN_PROCESS } },
        {
          extends: true,
          test: { name: "shared process", include: ALL, exclude: [...configDefaults.exclude, ...OWN_PROCESS], isolate: false },
        },
      ],
    },
  }),
);
