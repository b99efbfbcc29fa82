import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { buildBundles } from "./synthesized.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");

let project: string;
/** What Node compiled of CDKTF, for the next run: it takes most of one. */
let compileCache: string;
beforeAll(async () => {
  compileCache = await temporaryFolder("compile-cache");
});

/** Runs the app in a project of its own: the checkout's code and packages, one job type, bundles of a few bytes. */
beforeEach(async () => {
  project = await temporaryFolder("project");
  for (const entry of ["main.ts", "package.json", "scaling", "modules", "environments"]) {
    await cp(path.join(ROOT, entry), path.join(project, entry), { recursive: true });
  }
  await symlink(path.join(ROOT, "node_modules"), path.join(project, "node_modules"), "dir");
  await mkdir(path.join(project, "dist"));
  await cp(await buildBundles(), path.join(project, "dist", "handlers"), { recursive: true });
  const tags = { "linux/arm64": { report: "0123456789abcdef" }, "linux/amd64": {} };
  await writeFile(path.join(project, "dist", "image-tags.json"), JSON.stringify(tags));
  await writeJobType("report", "report");
});

async function writeJobType(folder: string, name: string): Promise<void> {
  await mkdir(path.join(project, "jobs", folder), { recursive: true });
  await writeFile(
    path.join(project, "jobs", folder, "job-type.ts"),
    `import { defineJobType } from "@autoscaling-job-queues/domain/job-type";
import * as z from "zod";
export default defineJobType({ name: ${JSON.stringify(name)}, description: "d", input: z.object({}), timeoutSeconds: 1 });`,
  );
}

function run(environment: NodeJS.ProcessEnv = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--disable-warning=DEP0044", "main.ts"], {
    cwd: project,
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: compileCache, ...environment },
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

describe("main.ts", () => {
  it("writes the stacks of the environment dev to cdktf.out", async () => {
    expect(run()).toEqual({ status: 0, stdout: "dev: cdktf.out/stacks holds platform, report\n", stderr: "" });
    expect((await readdir(path.join(project, "cdktf.out", "stacks"))).sort()).toEqual(["platform", "report"]);
    // Every job type runs the image that the build found the tag of.
    const stack = await readFile(path.join(project, "cdktf.out", "stacks", "report", "cdk.tf.json"), "utf8");
    expect(JSON.parse(stack).variable.image_tag.default).toBe("0123456789abcdef");
  });

  it("writes no stack of a type whose deployment.ts says that the environment does not have it", async () => {
    await writeJobType("later", "later");
    await writeFile(
      path.join(project, "jobs", "later", "deployment.ts"),
      'export default ({ environment }) => ({ deployed: environment !== "dev" });',
    );
    expect(run()).toEqual({ status: 0, stdout: "dev: cdktf.out/stacks holds platform, report\n", stderr: "" });
    expect((await readdir(path.join(project, "cdktf.out", "stacks"))).sort()).toEqual(["platform", "report"]);
  });

  it("writes to the folder that the CDKTF command asks for", () => {
    expect(run({ CDKTF_OUTDIR: "elsewhere" }).status).toBe(0);
    expect(existsSync(path.join(project, "elsewhere", "manifest.json"))).toBe(true);
  });

  it.each<[string, () => Promise<NodeJS.ProcessEnv>, RegExp]>([
    ["an unknown environment", async () => ({ JOBS_ENVIRONMENT: "staging" }), /"staging"; allowed: dev, emulated, prod/],
    [
      "an example that is not there",
      async () => ({ JOBS_ENVIRONMENT: "prod" }),
      /environment "prod": jobTypes is "canary"; allowed: .+: report$/m,
    ],
    [
      "a name that AWS would refuse",
      async () => {
        await writeJobType("wrong", "Wrong_Name");
        return {};
      },
      /job type "Wrong_Name": name is "Wrong_Name"; allowed: 1 to 32 lower-case/,
    ],
    [
      "two job types of one name",
      async () => {
        await writeJobType("report-copy", "report");
        return {};
      },
      /job types is "report"; allowed: a different name/,
    ],
    [
      "a missing build",
      async () => {
        await rm(path.join(project, "dist"), { recursive: true });
        return {};
      },
      /dist\/image-tags.json is missing; run npm run build/,
    ],
    [
      "a missing bundle of a Lambda",
      async () => {
        await rm(path.join(project, "dist", "handlers", "add-job"), { recursive: true });
        return {};
      },
      /dist\/handlers\/add-job\/index.mjs is missing; run npm run build/,
    ],
  ])("refuses %s with one sentence and exit code 1, and writes nothing", async (_, prepare, sentence) => {
    const { status, stdout, stderr } = run(await prepare());
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toMatch(sentence);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect((await readdir(project)).filter((entry) => entry.includes("cdktf"))).toEqual([]);
  });
});
