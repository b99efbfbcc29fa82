import { spawnSync } from "node:child_process";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { jobProject, jobTypeSource, REPORT_FOLDER } from "./job-project.ts";

/** Runs `npm run build` in a project whose one job type has this `job-type.ts`. */
async function build(jobType: string, job: string = REPORT_FOLDER["job.ts"] ?? "") {
  const cwd = await jobProject({ ...REPORT_FOLDER, "job-type.ts": jobType, "job.ts": job });
  const { status, stderr } = spawnSync(process.execPath, [path.resolve("scripts/build.ts")], { cwd, encoding: "utf8" });
  return { status, stderr };
}

describe("npm run build", () => {
  it("says in one line which setting of a job type is wrong, and fails", async () => {
    expect(await build(jobTypeSource("concurency: 2,"))).toEqual({
      status: 1,
      stderr: expect.stringMatching(/^job type "report": concurency is 2; allowed: no setting of this name, only name, .+\n$/),
    });
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
