import path from "node:path";
import { describe, expect, it } from "vitest";
import { jobFolders } from "../../scripts/job-folders.ts";
import { jobProject, jobTypeSource, REPORT_FOLDER } from "./job-project.ts";

/** The job folders of a project whose one folder has these files, undefined for one that is missing. */
async function foldersOf(changes: Readonly<Record<string, string | undefined>>) {
  const files = Object.entries({ ...REPORT_FOLDER, ...changes }).filter(([, content]) => content !== undefined);
  const project = await jobProject(Object.fromEntries(files) as Record<string, string>);
  return await jobFolders([path.join(project, "jobs")]);
}

const PROCESS = jobTypeSource('isolation: "process", command: ["sh", "job.sh"],');

describe("a job's folder", () => {
  it("says what the job is made of", async () => {
    const [job, ...others] = await foldersOf({});
    expect(others).toEqual([]);
    expect(job).toMatchObject({ bin: undefined, dependencies: ["pdfkit"] });
    expect([job?.jobType.name, job?.handler]).toEqual(["report", expect.stringMatching(/jobs\/report\/job\.ts$/)]);
  });

  it("has the programs of a process job in bin", async () => {
    const [job] = await foldersOf({ "job-type.ts": PROCESS, "job.ts": undefined, "bin/job.sh": "true\n" });
    expect(job).toMatchObject({ handler: undefined, bin: expect.stringMatching(/jobs\/report\/bin$/) });
  });

  it.each<[string, Readonly<Record<string, string | undefined>>, RegExp]>([
    ["no job-type.ts", { "job-type.ts": undefined }, /jobs\/report: job-type\.ts is missing; write it, or remove the folder/],
    ["no job.ts", { "job.ts": undefined }, /jobs\/report: job\.ts is missing$/],
    ["no package.json", { "package.json": undefined }, /jobs\/report: package\.json is missing; it lists the packages/],
    ["a package.json that is no JSON", { "package.json": "{" }, /jobs\/report: package\.json cannot be read: /],
    ["no default export", { "job-type.ts": "export {};\n" }, /job-type\.ts has no default export/],
    ["another name", { "job-type.ts": jobTypeSource('name: "summary",') }, /must be named as the job type, summary$/],
    [
      "a mistake in job-type.ts",
      { "job-type.ts": "\nexport default report;\n" },
      /job-type\.ts:2 cannot be loaded: report is not/,
    ],
    ["a handler of a process", { "job-type.ts": PROCESS, "bin/job.sh": "" }, /a process job runs its command; remove job\.ts$/],
    [
      "a process job without its programs",
      { "job-type.ts": PROCESS, "job.ts": undefined },
      /jobs\/report: bin\/ is missing; a proc/,
    ],
    [
      "a setting that is wrong",
      { "job-type.ts": jobTypeSource("concurrency: 0,") },
      /^job type "report": concurrency is 0; allowed: a whole number/,
    ],
    [
      "an input that the API could not check",
      { "job-type.ts": jobTypeSource("input: z.object({ day: z.date() }),") },
      /^job type "report": input is "Date cannot be represented in JSON Schema"; allowed: a zod schema that JSON Schema can express/,
    ],
    [
      "an input that the registry could not keep",
      { "job-type.ts": jobTypeSource('input: z.enum(Array.from({ length: 40_000 }, (_, index) => "kind-" + index)),') },
      /^job type "report": input is "\d{6} bytes as JSON"; allowed: a schema of at most 390000 bytes as JSON/,
    ],
    [
      "a pattern that a text can hold up",
      { "job-type.ts": jobTypeSource("input: z.object({ names: z.array(z.string().regex(/^(\\w+\\s?)*$/)) }),") },
      /^job type "report": input: the pattern \^\(\\w\+\\s\?\)\*\$ at \/properties\/names\/items\/pattern takes exponential time, for such texts as '.'/,
    ],
    [
      "a pattern whose flag the API would not know",
      { "job-type.ts": jobTypeSource("input: z.object({ code: z.string().regex(/^[a-z]+$/i) }),") },
      /^job type "report": input is "the pattern \/\^\[a-z\]\+\$\/i has flags that JSON Schema does not know; write it without/,
    ],
  ])("is refused in one sentence: %s", async (_, changes, message) => {
    const error = await foldersOf(changes).then(
      () => undefined,
      (problem: Error) => problem,
    );
    expect(error?.message).toMatch(message);
    expect(error?.message).not.toContain("\n");
  });
});
