import { JobQueueError } from "@autoscaling-job-queues/domain/errors";
import { jobsFolders } from "@autoscaling-job-queues/domain/find-job-folders";
import { startLocalConsole } from "./console.ts";
import { useDebugBundles } from "./debug-bundles.ts";
import { removeEndpointsFile, writeEndpointsFile } from "./endpoints-file.ts";
import { eventLines } from "./event-lines.ts";
import { failureLines } from "./failure-lines.ts";
import { startPlatform } from "./platform.ts";
import type { Platform } from "./platform-types.ts";
import { START_USAGE, type StartSettings, startSettings } from "./start-settings.ts";
import { stopRequested } from "./stop-signals.ts";
import { clockTime, styled } from "./text-style.ts";
import { counted } from "./text-table.ts";
import { watchTypes } from "./watch/watch-types.ts";

/** `npm start`: the platform on this machine, until Ctrl-C. */

const print = (line: string): void => {
  console.log(`${styled("dim", clockTime(new Date()))}  ${line}`);
};

function describe(
  { api, endpoints, jobTypes, schedules, fleet, inspectors, logs }: Platform,
  { keep }: StartSettings,
  consoleAddress: string | undefined,
): string {
  const { sqs, dynamodb } = endpoints;
  return `
The platform runs on this machine.

  HTTP API        ${styled("bold", api)}
  console         ${consoleAddress === undefined ? "not built: npm run build:cli" : styled("bold", consoleAddress)}
  SQS, SNS, S3    ${sqs}
  DynamoDB        ${dynamodb}
  job types       ${jobTypes.map(({ name }) => name).join(", ")}
  schedules       ${schedules.join(", ") || "none"}
  workers         none now, at most ${fleet.maxTasks} at once
  kept in         ${keep ?? "memory: jobs and files are gone at the end (--keep)"}
  logs            ${logs}${inspectors.size === 0 ? "" : `\n  debuggers       ${[...inspectors].map(([name, port]) => `${name} at 127.0.0.1:${port}`).join(", ")}; attach once it has a worker`}

Add a job:

  curl -s ${api}/jobs -H 'content-type: application/json' -d '{"type":"canary","input":{"op":"sleep","seconds":5}}'

Every change of a job appears here. Ctrl-C stops everything.
`;
}

async function main(): Promise<void> {
  const settings = startSettings(process.argv.slice(2), process.env);
  if (settings === undefined) {
    console.log(START_USAGE);
    return;
  }
  const stopped = stopRequested();
  const report = (line: string): void => print(styled("yellow", line));
  const platform = await startPlatform({ ...settings, report });
  // Before anybody adds a job: it replaces workers.
  await useDebugBundles(platform, jobsFolders(), report);
  await writeEndpointsFile(platform);
  const page = await startLocalConsole(platform.api);
  console.log(describe(platform, settings, page?.address));
  const lineOf = eventLines();
  let printed = Promise.resolve();
  platform.events?.onEvent((event) => {
    const line = lineOf(event);
    if (line === undefined) return;
    // Its log may be gone.
    const details = failureLines(platform.logs, event).catch(() => []);
    // The details stand below their own line, whatever comes meanwhile.
    printed = printed.then(async () => {
      print(line);
      for (const detail of await details) console.log(styled("dim", `          ${detail}`));
    });
  });
  platform.events?.onBatch(({ id, total, failed, cancelled }) => {
    print(`batch ${id}  ${styled("green", "COMPLETE")}  ${counted(total, "job")}, ${failed} failed, ${cancelled} cancelled`);
  });
  platform.fleet.counts.onChange((service, running) => print(`${service}  ${counted(running, "worker")}`));

  const watch = settings.watch ? await watchTypes({ platform, roots: jobsFolders(), built: "dist", report }) : undefined;

  const failure = await Promise.race([stopped, platform.failed]);
  await watch?.stop();
  await removeEndpointsFile();
  if (failure !== undefined) throw new JobQueueError("PlatformFailed", failure);
  print("stopping; Ctrl-C again ends everything at once");
  await page?.stop();
  await platform.stop();
}

main().then(
  () => process.exit(),
  (error: Error) => {
    console.error(error instanceof JobQueueError ? error.message : error);
    process.exit(1);
  },
);
