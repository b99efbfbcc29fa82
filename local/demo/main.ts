import { rm } from "node:fs/promises";
import { JobQueueError } from "@autoscaling-job-queues/domain/errors";
import { startPlatform } from "../platform.ts";
import type { Platform } from "../platform-types.ts";
import { stopRequested } from "../stop-signals.ts";
import { styled } from "../text-style.ts";
import { counted, seconds } from "../text-table.ts";
import { BATCH_TYPE, batchLine, batchProblems } from "./batch.ts";
import { earlyProblems, earlyTasks, eventProblems, fileProblems, jobProblems, scalingProblems } from "./checks.ts";
import { type Download, downloadFiles } from "./files.ts";
import { SCRIPTED_JOBS, sampleJobs } from "./jobs.ts";
import { type DemoRun, runDemo } from "./run.ts";
import { fileLines, outcomeTable, resultLines, workerCharts } from "./summary.ts";
import { DemoView } from "./view.ts";

/** `npm run demo`: the whole platform at work, from no worker to several and back. Exits 0 only if all of it happened. */

/** A minute of the alarms takes half a second. */
const SPEED = 120;
/** Workers at once: as many as the jobs need, so that no type waits until another's have gone. */
const MAX_WORKERS = 8;
const JOBS = 34;
const JOB_FOLDER = "jobs";
const FILES_FOLDER = ".local/demo";
const DEADLINE_MS = 180_000;

const heading = (text: string): void => console.log(`\n${styled("bold", text)}\n`);
const list = (lines: readonly string[]): void => console.log(lines.map((line) => `  ${line}`.trimEnd()).join("\n"));

async function demo(): Promise<number> {
  const stopped = stopRequested();
  const view = new DemoView(process.stdout);
  const begun = performance.now();
  view.print(styled("bold", "Autoscaling job queues: the whole platform on this machine\n"));
  await rm(FILES_FOLDER, { recursive: true, force: true });
  const platform = await startPlatform({
    speed: SPEED,
    maxWorkers: MAX_WORKERS,
    report: (line) => view.note(styled("yellow", line)),
  });
  const interrupted = Promise.race([stopped, platform.failed]).then((failure) => {
    throw new JobQueueError("DemoInterrupted", failure ?? "the demo was stopped");
  });
  // Once the demo is over, the end of the platform is not a failure.
  interrupted.catch(() => undefined);
  try {
    view.note(
      `started; ${platform.jobTypes.length} job types, no worker, and a minute of the alarms takes ${seconds(60_000 / SPEED)}`,
    );
    const types = platform.jobTypes.map(({ name }) => name);
    const samples = await sampleJobs(JOB_FOLDER, types, JOBS - Object.keys(SCRIPTED_JOBS).length);
    const run = await Promise.race([runDemo(platform, samples, view, AbortSignal.timeout(DEADLINE_MS)), interrupted]);
    const downloads = (await Promise.all(run.added.map(({ job }) => downloadFiles(job, FILES_FOLDER)))).flat();
    const problems = summarize(platform, run, downloads);
    console.log(
      problems.length === 0
        ? `\n${styled("green", "All of it happened as it should")}, in ${seconds(performance.now() - begun)}.\n`
        : `\n${styled("red", "Not all of it happened as it should:")}\n${problems.map((problem) => `  - ${problem}`).join("\n")}\n`,
    );
    return problems.length === 0 ? 0 : 1;
  } finally {
    view.end();
    await platform.stop();
  }
}

/** Prints what happened. @returns what should have, and did not. */
function summarize({ fleet: { counts } }: Platform, run: DemoRun, downloads: readonly Download[]): string[] {
  const jobs = run.added.map(({ job }) => job);
  const firstWorkerAt = counts.firstStart();
  const wakeMs = firstWorkerAt === undefined ? undefined : Math.max(0, firstWorkerAt - run.firstAcceptedAt);
  const types = [...new Set(jobs.map(({ type }) => type))];
  const early = earlyTasks(counts);
  const versions = jobs.reduce((sum, { version }) => sum + version, 0);

  heading("Jobs");
  list(outcomeTable(jobs));
  heading(`Workers over ${seconds(run.endedAt - run.startedAt)}`);
  list(workerCharts({ jobs, counts, downloads, from: run.startedAt, to: run.endedAt }));
  if (wakeMs !== undefined) {
    const when = wakeMs === 0 ? "before the first job was accepted" : `${seconds(wakeMs)} after the first job was accepted`;
    list(["", `The first worker was asked for ${when}; at most ${counts.mostTotal()} ran at once.`]);
  }
  const { tasks, alarmAt } = early;
  const alarm =
    alarmAt === undefined ? "no alarm had to fire" : `its alarm fired ${seconds(alarmAt - run.startedAt)} after the start`;
  list([`Whoever added jobs asked for ${counted(tasks, `${BATCH_TYPE} worker`)} before any alarm knew of them; ${alarm}.`]);
  heading("Events");
  list([
    `${run.board.received} came from SNS, for ${versions} versions of ${jobs.length} jobs.`,
    ...stories(run),
    ...dueLines(run),
    batchLine(run.batch),
  ]);
  heading("Results");
  list(resultLines(run.added));
  heading("Files");
  list(fileLines(downloads, FILES_FOLDER));

  const added = run.added;
  return [
    ...jobProblems(added),
    ...batchProblems(run.batch),
    ...eventProblems(added, run.board),
    ...scalingProblems(counts, types, wakeMs),
    ...earlyProblems(early),
    ...fileProblems(downloads),
  ];
}

/** What the events tell about the jobs that did not simply succeed. */
function stories({ added, board }: DemoRun): string[] {
  const { retried, cancelledRunning } = SCRIPTED_JOBS;
  return added
    .filter(({ planned }) => planned === retried || planned === cancelledRunning)
    .map(({ planned, job }) => `${job.id} ${planned.name}: ${board.states(job.id).join(" → ")}`);
}

/** How long after it was due the job for later started. */
function dueLines({ added }: DemoRun): string[] {
  return added.flatMap(({ planned, job: { id, runAt, startedAt } }) =>
    planned !== SCRIPTED_JOBS.later || runAt === undefined || startedAt === undefined
      ? []
      : [`${id} ${planned.name}: started ${seconds(Date.parse(startedAt) - Date.parse(runAt))} after that`],
  );
}

demo().then(
  (code) => process.exit(code),
  (error: Error) => {
    console.error(`\n${error instanceof JobQueueError ? error.message : error.stack}`);
    process.exit(1);
  },
);
