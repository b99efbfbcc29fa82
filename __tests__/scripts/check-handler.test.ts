import { writeFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { checkHandler } from "../../scripts/check-handler.ts";
import type { JobFolder } from "../../scripts/job-folders.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const JOB = 'export default { jobType: { name: "report" }, handler() {} };';
const FOLDER = { path: "jobs/report", jobType: { name: "report" } } as JobFolder;

let folder: string;
let bundles = 0;
const warned = vi.spyOn(console, "error");

beforeAll(async () => {
  folder = await temporaryFolder("check-handler");
});
beforeEach(() => void warned.mockReset().mockImplementation(() => {}));
afterEach(() => vi.clearAllMocks());

/** Checks a bundle of this source. */
async function check(source: string): Promise<void> {
  const file = path.join(folder, `job-${bundles++}.mjs`);
  await writeFile(file, source);
  await checkHandler(FOLDER, { file, exports: source.includes("export default") ? ["default"] : ["job"] });
}

describe("the check of a handler's bundle", () => {
  it.each([
    ["a job of its type", JOB],
    ["one that prints when it is loaded", `console.log("loaded"); console.error("loaded");\n${JOB}`],
    ["one that leaves something behind when it is loaded", `setInterval(() => {}, 1_000);\n${JOB}`],
    ["one that waits for something first", `await new Promise((resolve) => setTimeout(resolve, 10));\n${JOB}`],
  ])("passes %s", async (_, source) => {
    await expect(check(source)).resolves.toBeUndefined();
    expect(warned).not.toHaveBeenCalled();
  });

  it.each([
    ["there is no default export", "export const job = 1;"],
    ["there is no default export", 'export const job = 1;\nthrow new Error("no database");'],
    ["the default export is not a job but of type undefined", "export default undefined;"],
    ["the default export is not a job but of type null", "export default null;"],
    ["the default export is not a job but of type function", "export default async (input) => input;"],
    ["the default export is not a job but of type object", 'export default { jobType: { name: "report" } };'],
    ["the default export is a job of the type other", JOB.replace("report", "other")],
  ])("fails where %s", async (what, source) => {
    const message = `jobs/report/job.ts: ${what}; write export default defineJob(`;
    await expect(check(source)).rejects.toMatchObject({ code: "InvalidJobFolder", message: expect.stringContaining(message) });
  });

  it.each([
    ["throws", 'throw new Error("no database");', "no database"],
    ["throws no error", 'throw "words";', "words"],
    ["ends its process", "process.exit(3);", "it ended with exit code 3"],
    ["throws out of turn", 'setTimeout(() => { throw new Error("late"); });\nawait new Promise(() => {});', "late"],
  ])("warns of one that cannot be loaded here: it %s", async (_, source, why) => {
    await expect(check(`${source}\n${JOB}`)).resolves.toBeUndefined();
    const line = `warning: jobs/report/job.ts cannot be loaded here, so its default export was not checked: ${why}`;
    expect(warned.mock.calls).toEqual([[line]]);
  });
});
