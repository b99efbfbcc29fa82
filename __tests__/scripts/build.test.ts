import { spawnSync } from "node:child_process";
import { readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { jobProject, jobTypeSource, REPORT_FOLDER } from "./job-project.ts";

/** Runs `npm run build` in a project whose one job type has this `job-type.ts`. */
async function build(jobType: string, job: string = REPORT_FOLDER["job.ts"] ?? "") {
  return buildIn(await jobProject({ ...REPORT_FOLDER, "job-type.ts": jobType, "job.ts": job }));
}

function buildIn(cwd: string) {
  const { status, stderr } = spawnSync(process.execPath, [path.resolve("scripts/build.ts")], { cwd, encoding: "utf8" });
  return { status, stderr };
}

/** A handler that throws an error with the name of its class, from a function with a name. */
const FAILING_JOB = `import { defineJob } from "@autoscaling-job-queues/worker/define-job";
import reportJob from "./job-type.ts";

class NoSuchMonth extends Error {
  override readonly name = this.constructor.name;
}

function findMonth(month: string): never {
  throw new NoSuchMonth(month);
}

export default defineJob(reportJob, ({ month }: { month: string }) => findMonth(month));
`;

describe("npm run build", () => {
  it("says in one line which setting of a job type is wrong, and fails", async () => {
    expect(await build(jobTypeSource("concurency: 2,"))).toEqual({
      status: 1,
      stderr: expect.stringMatching(/^job type "report": concurency is 2; allowed: only the settings name, .+\n$/),
    });
  });

  it("keeps the names of a job's classes and functions, which codes and stacks show", async () => {
    const project = await jobProject({ ...REPORT_FOLDER, "job.ts": FAILING_JOB, "package.json": '{ "type": "module" }\n' });
    expect(buildIn(project)).toMatchObject({ status: 0 });
    const file = pathToFileURL(path.join(project, "dist/workers/report/job.mjs")).href;
    const { default: job } = (await import(file)) as { default: { handler: (input: object) => never } };
    expect(() => job.handler({ month: "2026-13" })).toThrow(
      expect.objectContaining({ name: "NoSuchMonth", stack: expect.stringContaining("at findMonth ") }),
    );

    const { mtimeMs } = await stat(path.join(project, "dist/workers/report/job.mjs"));
    expect(buildIn(project)).toMatchObject({ status: 0, stderr: "" });
    expect(await stat(path.join(project, "dist/workers/report/job.mjs")), "is built when something has changed").toMatchObject({
      mtimeMs,
    });
    await writeFile(path.join(project, "jobs/report/job.ts"), FAILING_JOB.replaceAll("NoSuchMonth", "NoMonth"));
    expect(buildIn(project)).toMatchObject({ status: 0 });
    expect(await readFile(path.join(project, "dist/workers/report/job.mjs"), "utf8")).toContain("NoMonth");
  });

  it("leaves what esbuild says as esbuild says it, and fails", async () => {
    const { status, stderr } = await build(`import "./nowhere.json";\n${jobTypeSource("")}`);
    expect([status, stderr]).toEqual([1, expect.stringContaining("nowhere.json")]);
    expect(stderr).not.toContain("Node.js v");
  });

  it.each(["", 'isolation: "inline",'])("fails where a worker would find no handler: %s", async (settings) => {
    const { status, stderr } = await build(jobTypeSource(settings), "export const job = 1;\n");
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/^jobs\/report\/job\.ts: there is no default export; write .+\n$/),
    ]);
  });
});
