import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { PurgeQueueCommand, SendMessageBatchCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { JobsClient } from "../../client/jobs-client.ts";
import { type CliPlatform, startCliPlatform } from "../cli/cli-platform.ts";
import { CLI, cliEnvironment } from "../cli/run-cli.ts";
import { hasProgram } from "../support/programs.ts";
import { blockWith, runbook } from "../support/runbooks.ts";

/** The runbooks of docs/operations.md that need no AWS: their commands run as they are written, with the canary in place of the type. */

const TYPE = "canary";
/** Jobs whose messages become dead letters. */
const LOST = 30;

/** `npm run jobs -- …` by the command itself, which finds the platform of the folder that it is in. */
const NPM = `
npm() { shift; [ "$1" = --silent ] && shift; shift 2; "${process.execPath}" "${CLI}" "$@"; }
`;

type Added = { readonly id: string };

let platform: CliPlatform;
let jobs: JobsClient;
beforeAll(async () => {
  platform = await startCliPlatform([TYPE]);
  jobs = new JobsClient({ url: platform.api });
});
afterAll(async () => {
  await platform?.stop();
});

const commandsOf = (title: string): string[] => runbook(title, { document: TYPE });

/** Runs commands as an operator does. @returns what they print. */
async function shell(commands: string): Promise<string> {
  const program = ["--norc", "-euo", "pipefail", "-c", `${NPM}${commands}`];
  const { stdout } = await promisify(execFile)("bash", program, { cwd: platform.folder, env: cliEnvironment() });
  return stdout;
}

/** Adds jobs that end at once when they are begun. */
async function addEchoes(count: number): Promise<readonly Added[]> {
  return await Promise.all(Array.from({ length: count }, (_, value) => jobs.add(TYPE, { op: "echo", value })));
}

/** Has the messages of jobs be dead letters, as after 100 receives. */
async function loseMessages(lost: readonly Added[]): Promise<void> {
  const QueueUrl = platform.resources.queues.get(TYPE)?.deadLetters.url;
  for (let start = 0; start < lost.length; start += 10) {
    const Entries = lost.slice(start, start + 10).map(({ id }, index) => ({ Id: String(index), MessageBody: id }));
    await platform.clients.sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  }
  for (const { id } of lost) await statusOf(id, "FAILED");
}

const statusOf = async (id: string, status: string): Promise<void> =>
  await expect.poll(async () => (await jobs.get(id)).status).toBe(status);
/** Of the tests before. */
async function noJobWaits(): Promise<void> {
  await expect
    .poll(async () => {
      const waiting: string[] = [];
      for await (const { id } of jobs.list({ type: TYPE, status: ["QUEUED"] })) waiting.push(id);
      return waiting;
    })
    .toEqual([]);
}
const noTask = async (): Promise<void> => await expect.poll(() => platform.fleet.counts.total()).toBe(0);

describe.runIf(hasProgram("jq"))("runbooks", { timeout: 240_000 }, () => {
  it("nothing runs: the cause is told, and what it says mends it", async () => {
    const commands = commandsOf("nothing runs");
    await jobs.pause(TYPE, { reason: "forgotten" });
    const [job] = await addEchoes(1);
    const status = JSON.parse(await shell(blockWith(commands, "jobs -- status")));
    expect(status).toMatchObject({ paused: { reason: "forgotten" }, waiting: 1, running: 0 });
    const why = JSON.parse(await shell(blockWith(commands, "jobs -- why")));
    expect(why).toMatchObject({ code: "TypePaused", facts: { pauseReason: "forgotten" } });
    await shell(`npm run jobs -- resume ${TYPE}; npm run jobs -- wait ${job?.id}`);
  });

  it("jobs fail after a deploy: none starts, one is tried, then all that failed are done again", async () => {
    const commands = commandsOf("jobs fail after a deploy");
    await shell(blockWith(commands, "jobs -- pause"));
    await noTask();
    const failed = await addEchoes(3);
    await loseMessages(failed);
    const listed = await shell(blockWith(commands, "jobs -- list --type canary --status FAILED --created-after 2h\n"));
    expect(listed.trim().split("\n")).toHaveLength(3);
    const tried = await shell(blockWith(commands, "jobs -- resume"));
    expect(JSON.parse(tried.trim().split("\n").at(-1) ?? "")).toMatchObject({ status: "SUCCEEDED" });
    await shell(blockWith(commands, "--dry-run"));
    const done = new Set<string>();
    for await (const { retryOf, status } of jobs.list({ type: TYPE, status: ["QUEUED", "RUNNING", "SUCCEEDED"] })) {
      if (retryOf !== undefined) done.add(`${retryOf} ${status === "CANCELLED"}`);
    }
    expect([...done].sort()).toEqual(failed.map(({ id }) => `${id} false`).sort());
  });

  it("500 dead letters: their jobs are seen, and done again, each once", async () => {
    const commands = commandsOf("500 dead letters");
    await jobs.pause(TYPE);
    await noTask();
    const before = new Date();
    const lost = await addEchoes(LOST);
    await loseMessages(lost);
    const told = await shell(blockWith(commands, "jobs -- why"));
    expect(told).toContain('"code":"');
    await jobs.resume(TYPE);
    const redrive = blockWith(commands, "jobs -- redrive").replace('"$id"', lost[0]?.id ?? "");
    await shell(redrive);
    await shell(redrive);
    const again: string[] = [];
    for await (const job of jobs.list({ type: TYPE, createdAfter: before })) if (job.retryOf !== undefined) again.push(job.id);
    expect(again).toHaveLength(LOST);
    for (const id of again) await statusOf(id, "SUCCEEDED");
  });

  it("a queue that was purged gets its messages again", async () => {
    await noJobWaits();
    const waiting = await jobs.add(TYPE, { op: "echo", value: 1 }, { delaySeconds: 4 });
    await platform.clients.sqs.send(new PurgeQueueCommand({ QueueUrl: platform.resources.queues.get(TYPE)?.url }));
    const args = [path.resolve("scripts/resend-jobs.ts"), "--local", "--type", TYPE];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: platform.folder, env: cliEnvironment() });
    expect(stdout).toMatch(/ items of jobs: 1 messages were sent\n$/);
    await expect.poll(async () => (await jobs.get(waiting.id)).status, { timeout: 30_000 }).toBe("SUCCEEDED");
  });

  it("pause and drain: jobs in hand end, those that wait stay, tasks go, and resuming starts them", async () => {
    const commands = commandsOf("pause and drain");
    const once = (block: string): string => block.replaceAll("--watch", "");
    const running = await jobs.add(TYPE, { op: "sleep", seconds: 10 });
    await statusOf(running.id, "RUNNING");
    await shell(once(blockWith(commands, "being upgraded")));
    // Due while its worker is still there, and later than a worker may have missed the pause.
    const waiting = await jobs.add(TYPE, { op: "echo", value: 1 }, { delaySeconds: 6 });
    await statusOf(running.id, "SUCCEEDED");
    await noTask();
    expect(await jobs.get(waiting.id)).toMatchObject({ status: "QUEUED", attempt: 0 });
    await shell(commands.at(-1) ?? "");
    await statusOf(waiting.id, "SUCCEEDED");

    await shell(once(blockWith(commands, "drained")));
    await noTask();
    await shell(commands.at(-1) ?? "");
  });
});
