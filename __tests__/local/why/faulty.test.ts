import { once } from "node:events";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { JobsClient } from "../../../client/jobs-client.ts";
import { startEmulators } from "../../../local/aws/emulator-process.ts";
import { startPlatform } from "../../../local/platform.ts";
import type { Platform, PlatformSettings } from "../../../local/platform-types.ts";
import { answerWith, forwardRequest, wholeRequest } from "../../support/forward-request.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { untilWhy } from "./seen-causes.ts";

/** The platform with a fault in it, one for each test. */

const stops: (() => Promise<unknown>)[] = [];
/** What the platform told whoever started it. */
const reports: string[] = [];
afterEach(async () => {
  for (let stop = stops.pop(); stop !== undefined; stop = stops.pop()) await stop();
});

async function start(settings: Partial<PlatformSettings>): Promise<{ readonly platform: Platform; readonly jobs: JobsClient }> {
  const runs = await temporaryFolder("why");
  const report = (line: string): void => void reports.push(line);
  const common = { jobTypes: ["canary"], maxWorkers: 1, events: false, runs, report, variables: {} };
  const platform = await startPlatform({ ...common, ...settings });
  stops.push(() => platform.stop());
  return { platform, jobs: new JobsClient({ url: platform.api }) };
}

/** DynamoDB, of which workers may change no job. @returns its address. */
async function deniedDatabase(): Promise<string> {
  const emulators = await startEmulators({ services: ["dynamodb"] });
  stops.push(() => emulators.stop());
  const server = createServer(async (incoming, response) => {
    const request = await wholeRequest(incoming);
    const refusal = JSON.stringify({
      __type: "com.amazon.coral.service#AccessDeniedException",
      message: "not authorized to update",
    });
    if (isClaim(incoming, request.body)) response.writeHead(400, { "content-type": "application/x-amz-json-1.0" }).end(refusal);
    else answerWith(response, await forwardRequest(request, emulators.endpoints.dynamodb ?? ""), request.method);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  stops.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Of a job, and neither of the words that a worker leaves nor of the lease under which workers are asked for. */
function isClaim({ headers }: IncomingMessage, body: Buffer): boolean {
  return String(headers["x-amz-target"]).endsWith(".UpdateItem") && !/"canary_(?:worker|wake)"/.test(body.toString());
}

describe("why, of what must be mended", () => {
  it("names an image whose workers do not start", async () => {
    await mkdir(".local", { recursive: true });
    // Within the checkout, whose packages the workers load.
    const folder = await mkdtemp(path.join(".local", "why-"));
    stops.push(() => rm(folder, { recursive: true }));
    const bundles = path.join(folder, "dist");
    await Promise.all(
      ["handlers", "workers/canary"].map((part) => cp(`dist/${part}`, path.join(bundles, part), { recursive: true })),
    );
    await writeFile(path.join(bundles, "workers/canary/worker.mjs"), 'throw new Error("the image lacks a library");\n');
    const { jobs } = await start({ bundles });
    const job = await jobs.add("canary", { op: "echo", value: 1 });
    const { facts } = await untilWhy(jobs, job, "TasksDoNotStart", ["WorkersStarting"]);
    expect(facts).toMatchObject({ exitCode: 1, stopCode: "EssentialContainerExited", desiredTasks: 1 });
    expect(await jobs.status("canary")).toMatchObject({ startError: expect.stringContaining("exit code 1") });
    // So is whoever has started the platform told.
    expect(reports[0]).toMatch(
      /^worker canary-\w+ ended by itself with exit code 1: Error: the image lacks a library \(log: .*\/canary-\w+\.log\); a new one starts in 1 s$/,
    );
  });

  it("names a right that the workers lack, with their own words", async () => {
    const database = await deniedDatabase();
    const { jobs } = await start({ variables: { AWS_ENDPOINT_URL_DYNAMODB: database } });
    const job = await jobs.add("canary", { op: "echo", value: 1 });
    const { facts } = await untilWhy(jobs, job, "WorkersCannotClaim", ["WorkersStarting"]);
    expect(facts).toMatchObject({ workerError: expect.stringContaining("not authorized to update") });
    expect(await jobs.status("canary")).toMatchObject({ workerError: { code: "AccessDeniedException" } });
  });
});
