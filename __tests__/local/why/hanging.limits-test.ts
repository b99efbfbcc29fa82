import { afterAll, beforeAll, expect, it } from "vitest";
import { JobsClient } from "../../../client/jobs-client.ts";
import { readProcessTable } from "../../../domain/process-table.ts";
import { startPlatform } from "../../../local/platform.ts";
import type { Platform } from "../../../local/platform-types.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { untilWhy } from "./seen-causes.ts";

/** Apart from the other causes: that workers hang, and are not only late, shows after a minute or two. */

let platform: Platform;
let jobs: JobsClient;
beforeAll(async () => {
  const runs = await temporaryFolder("why");
  const common = { events: false, runs, report: () => undefined, variables: {} };
  platform = await startPlatform({ jobTypes: ["canary"], maxWorkers: 1, ...common });
  jobs = new JobsClient({ url: platform.api });
});
afterAll(async () => await platform.stop());

function signalWorkers(signal: NodeJS.Signals): void {
  const table = readProcessTable();
  for (const { process: task } of platform.fleet.tasks()) for (const { pid } of task.members(table)) process.kill(pid, signal);
}

it("why names workers that hang", async () => {
  await jobs.addAndWait("canary", { op: "echo", value: 1 });
  signalWorkers("SIGSTOP");
  const job = await jobs.add("canary", { op: "echo", value: 2 });
  const { summary, facts } = await untilWhy(jobs, job, "WorkersCannotClaim", ["WorkersStarting"]);
  expect(summary).toMatch(/^Workers hang: 1 task runs with free places/);
  expect(facts).toMatchObject({ visible: 1, runningTasks: 1 });
  signalWorkers("SIGCONT");
  expect((await jobs.wait(job)).status).toBe("SUCCEEDED");
});
