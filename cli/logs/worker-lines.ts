import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import type { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { platformName, regionOf } from "../aws/platform-name.ts";
import { CliError } from "../cli-error.ts";
import type { Connection } from "../connect.ts";
import { logGroup, logsSentence } from "./cloudwatch-logs.ts";
import { type LogLine, workerLineOf } from "./log-line.ts";

/** Lines that are shown: what a worker says as it ends is a stack and what came before. */
const SHOWN_LINES = 100;
/** How far back CloudWatch is searched: ECS starts the tasks of a type that crash again within minutes. */
const LOOKED_BACK_MS = 15 * 60_000;

/**
 * The last lines of the workers of a type, those of no job too, such as why one could not start: on one machine of its last worker, on
 * AWS of all in a quarter of an hour. @throws CliError where they cannot be read from here.
 */
export async function workerLines(
  { local, region, url, authorization }: Connection,
  type: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<readonly LogLine[]> {
  if (local?.logs !== undefined) return await localWorkerLines(local.logs, type);
  if (authorization === "none") {
    throw new CliError(`the logs of ${url} are files: run jobs in the checkout in which npm start runs`);
  }
  const group = logGroup(await platformName({ url, region }, env), type);
  const { CloudWatchLogsClient } = await import("@aws-sdk/client-cloudwatch-logs");
  return await cloudWatchWorkerLines(new CloudWatchLogsClient(regionOf(region)), group, signal);
}

/** @param folder of the platform's logs: each task has a file, `<type>-<task>.log`. */
export async function localWorkerLines(folder: string, type: string): Promise<readonly LogLine[]> {
  const ofType = new RegExp(`^${type}-[0-9a-f]+\\.log$`);
  const files = (await readdir(folder)).filter((file) => ofType.test(file)).map((file) => path.join(folder, file));
  const read = await Promise.all(files.map(async (file) => ({ file, state: await stat(file) })));
  // One that has only just been started has not said anything yet.
  const said = read.filter(({ state }) => state.size > 0).map(({ file, state }) => ({ file, at: state.mtimeMs }));
  const last = said.toSorted((one, other) => other.at - one.at)[0];
  if (last === undefined) return [];
  const texts = (await readFile(last.file, "utf8")).split("\n").filter((text) => text.trim() !== "");
  return texts.flatMap((text) => workerLineOf(text, last.at) ?? []).slice(-SHOWN_LINES);
}

async function cloudWatchWorkerLines(
  client: Pick<CloudWatchLogsClient, "send">,
  logGroupName: string,
  signal: AbortSignal,
): Promise<readonly LogLine[]> {
  const { FilterLogEventsCommand } = await import("@aws-sdk/client-cloudwatch-logs");
  const startTime = Date.now() - LOOKED_BACK_MS;
  let lines: LogLine[] = [];
  let nextToken: string | undefined;
  do {
    const query = { logGroupName, startTime, nextToken };
    const page = await client.send(new FilterLogEventsCommand(query), { abortSignal: signal }).catch((error: unknown) => {
      signal.throwIfAborted();
      throw new CliError(logsSentence(error, logGroupName));
    });
    const read = (page.events ?? []).flatMap(({ message = "", timestamp = 0 }) => workerLineOf(message, timestamp) ?? []);
    lines = [...lines, ...read].toSorted((one, other) => one.at - other.at).slice(-SHOWN_LINES);
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return lines;
}
