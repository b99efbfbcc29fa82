import { defineConfig, mergeConfig } from "vitest/config";
import { shared } from "../../vitest.shared.ts";

/**
 * `npm run test:engine`: the tests that use a database, on DynamoDB Local, which checks expressions, sizes and indexes as DynamoDB
 * does, where dynalite is lenient. It needs Java 17 or newer, with its compiler: Debian's `default-jre-headless` has it.
 */
const config = mergeConfig(
  shared,
  defineConfig({
    test: {
      root: new URL("../..", import.meta.url).pathname,
      globalSetup: "__tests__/engine/start-engine.ts",
    },
  }),
);
// Merging lists would add to the fast tests. Without `job-worker-load`: how many calls its batches save depends on how soon a database
// answers that shares the machine's cores, and not on what it answers.
config.test.include = [
  "__tests__/engine/*.engine-test.ts",
  "__tests__/domain/{batch-store,job-list,list-partitions,list-partition-races,oldest-queued,job-store,job-type-registry,transition-update}.test.ts",
  "__tests__/handlers/{bundles,hostile-input}.test.ts",
  "__tests__/handlers/http/api-handler.test.ts",
  "__tests__/handlers/jobs/{add-job,add-job-inputs,add-job-once,cancel-job,dead-letter,query-job}.test.ts",
  "__tests__/handlers/jobs/batches/*.test.ts",
  "__tests__/worker/{job-worker,job-worker-[!l]*,job-worker-leases,last-chance,worker-bundle}.test.ts",
  "__tests__/worker/leases/lease-keeper.test.ts",
  "__tests__/reliability/{properties,schedules,values}/*.test.ts",
  "__tests__/reliability/processes/kill-run.engine-test.ts",
];

export default config;
