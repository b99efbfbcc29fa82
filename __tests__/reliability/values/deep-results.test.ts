import { writeFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { isTerminal } from "../../../domain/job.ts";
import { registryEntry } from "../../../domain/registry-entry.ts";
import { threadRunner } from "../../../worker/runners/threads/thread-runner.ts";
import { apiEvent } from "../../handlers/api-event.ts";
import { type ApiUnderTest, CONTEXT, startApi } from "../../handlers/api-under-test.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { type WorkerUnderTest, workerUnderTest } from "../../support/worker-under-test.ts";

const HANDLER = `
const input = { safeParseAsync: async (data) => ({ success: true, data }) };
const nested = (depth) => { let value = []; while (--depth > 0) value = [value]; return value; };
export default { jobType: { input }, handler: ({ depth }) => nested(depth) };
`;
const WITHIN_MS = 60_000;

let api: ApiUnderTest;
let work: WorkerUnderTest;
beforeAll(async () => {
  api = await startApi();
  const file = path.join(await temporaryFolder("deep-results"), "job.mjs");
  await writeFile(file, HANDLER);
  const handlerUrl = pathToFileURL(file).href;
  work = await workerUnderTest({
    emulators: api,
    handler: () => expect.unreachable(),
    overrides: ({ log }) => ({ runner: threadRunner({ handlerUrl, concurrency: 1, memoryMiB: 512, log }) }),
  });
  const { jobType, queueUrl, worker } = work;
  await api.registry.register(registryEntry(jobType, { queueUrl, cluster: "jobs", service: jobType.name }));
  worker.start();
});
afterAll(async () => {
  await work.worker.stop();
  await api.stop();
});

it.each([
  [2_000, "item"],
  [3_000, "bucket"],
  [100_000, "bucket"],
])(
  "carries a result that is nested %i deep from a thread to the caller, by way of the %s",
  async (depth, home) => {
    const call = api.handler({});
    const added = await call(apiEvent("addJob", { body: { type: work.jobType.name, input: { depth } } }), CONTEXT);
    const { id } = JSON.parse(added.body) as { readonly id: string };
    expect(await work.until(id, isTerminal, WITHIN_MS)).toMatchObject({ status: "SUCCEEDED" });

    const { statusCode, body } = await call(apiEvent("getJob", { id }), CONTEXT);
    expect(statusCode).toBe(200);
    const result = `${"[".repeat(depth)}${"]".repeat(depth)}`;
    const { resultUrl } = JSON.parse(body) as { readonly resultUrl?: string };
    if (home === "item") expect(body).toContain(`,"result":${result}`);
    else expect(await (await fetch(resultUrl as string)).text()).toBe(result);
  },
  2 * WITHIN_MS,
);
