import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { platformClients } from "../local/aws/clients.ts";
import { workerEnvironment } from "../local/aws/deployed-environment.ts";
import { startEmulators } from "../local/aws/emulator-process.ts";
import { awsEnvironment, type Endpoints } from "../local/aws/endpoints.ts";
import { createResources } from "../local/aws/resources.ts";
import type { Reading } from "./consumer-process.ts";
import { echoJobType } from "./echo-job.ts";
import { addEchoJobs } from "./echo-load.ts";

/** Lines of a consumer's log that tell why it ended early. */
const LOG_LINES = 5;

/** Runs a consumer on fresh emulators that hold as many echo jobs as the last mark says. @returns its readings. */
export async function runConsumer(
  program: "our-consumer" | "plain-consumer" | "thread-consumer",
  marks: readonly number[],
  options: readonly string[] = [],
): Promise<Reading[]> {
  const emulators = await startEmulators();
  const folder = mkdtempSync(path.join(tmpdir(), "bench-"));
  try {
    const endpoints = emulators.endpoints as Endpoints;
    const environment = awsEnvironment(endpoints, "http://127.0.0.1:9", {});
    const clients = platformClients(endpoints, environment);
    const resources = await createResources(clients, { jobTypes: [echoJobType], speed: 1, events: false });
    await addEchoJobs(clients, resources, echoJobType.name, Math.max(...marks));
    const log = path.join(folder, `${program}.log`);
    const output = openSync(log, "w");
    const child = spawn(
      process.execPath,
      ["--expose-gc", fileURLToPath(new URL(`./${program}.ts`, import.meta.url)), ...options, ...marks.map(String)],
      {
        stdio: ["ignore", output, "inherit", "pipe"],
        env: {
          ...environment,
          PATH: process.env.PATH,
          ...workerEnvironment(resources, echoJobType.name, ""),
        },
      },
    );
    const readings: Reading[] = [];
    for await (const line of createInterface({ input: child.stdio[3] as NodeJS.ReadableStream })) {
      const counts = Object.values(await emulators.requestCounts());
      readings.push({ ...JSON.parse(line), calls: counts.reduce((sum, count) => sum + count, 0) });
      if (readings.length === marks.length) break;
    }
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
    if (readings.length < marks.length) {
      const lines = readFileSync(log, "utf8").trimEnd().split("\n").slice(-LOG_LINES).join("\n");
      throw new Error(`${program} ended before it had done its jobs:\n${lines}`);
    }
    return readings;
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await emulators.stop();
  }
}
