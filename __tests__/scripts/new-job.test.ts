import { execFile } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { cp, mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { jobFolders } from "../../scripts/job-folders.ts";
import { newJobFiles } from "../../scripts/new-job-files.ts";
import { writeJobFolder } from "../../scripts/write-job-folder.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(program: string, args: readonly string[], cwd: string, variables: NodeJS.ProcessEnv = {}): Promise<Ended> {
  try {
    return { code: 0, ...(await promisify(execFile)(program, args, { cwd, env: { ...process.env, ...variables } })) };
  } catch (error) {
    return error as Ended;
  }
}

/** Runs the command in a checkout, with no network. */
const newJob = (checkout: string, args: readonly string[], variables: NodeJS.ProcessEnv = {}) =>
  run(process.execPath, [path.resolve("scripts/new-job.ts"), ...args], checkout, {
    npm_config_offline: "true",
    npm_config_loglevel: "error",
    JOBS_FOLDERS: "",
    ...variables,
  });

/** A checkout with one job type, every package of which is a folder of its own: npm has nothing to fetch, and does not touch this one. */
async function ownCheckout(): Promise<string> {
  const checkout = await temporaryFolder("new-job");
  const { dependencies } = JSON.parse(await readFile("package.json", "utf8"));
  const manifests = {
    ".": { name: "checkout", workspaces: ["domain", "worker", "zod", "jobs/*"] },
    domain: { name: "@autoscaling-job-queues/domain" },
    worker: { name: "@autoscaling-job-queues/worker" },
    zod: { name: "zod", version: dependencies.zod },
    "jobs/canary": { name: "@autoscaling-job-queues/job-canary" },
  };
  for (const [folder, manifest] of Object.entries(manifests)) {
    await mkdir(path.join(checkout, folder), { recursive: true });
    await writeFile(path.join(checkout, folder, "package.json"), JSON.stringify({ version: "0.1.0", ...manifest }));
  }
  await writeFile(path.join(checkout, "package-lock.json"), '{ "name": "checkout", "lockfileVersion": 3, "packages": {} }');
  return checkout;
}

/** Of a handler and of a command each: a short name, and the longest. */
const NEW_TYPES = [
  { name: "a", isProcess: false },
  { name: "b-2", isProcess: true },
  { name: "the-longest-name-of-a-job-type12", isProcess: false },
  { name: "the-longest-name-of-a-job-type34", isProcess: true },
];

describe("a new job type", () => {
  it("builds, is as the checks want it, and passes its tests", async () => {
    const project = await temporaryFolder("new-job");
    for (const { name, isProcess } of NEW_TYPES) {
      const files = await newJobFiles(name, { isProcess, docs: "../../docs" });
      await writeJobFolder({ folder: path.join(project, "jobs", name), files, roots: [] });
      const links = [...(files["README.md"] ?? "").matchAll(/\]\((?:\.\.\/){2}([^)#]+)/g)];
      expect(links.filter(([, file = ""]) => existsSync(file))).toHaveLength(isProcess ? 3 : 2);
    }
    for (const file of ["node_modules", "package-lock.json"]) await symlink(path.resolve(file), path.join(project, file));
    for (const file of ["biome.json", "tsconfig.json"]) await cp(file, path.join(project, file));

    const built = await jobFolders([path.join(project, "jobs")]);
    expect(built.map(({ jobType: { name, isolation } }) => ({ name, isProcess: isolation === "process" }))).toEqual(NEW_TYPES);
    const tool = (program: string, args: readonly string[]) =>
      run(path.resolve("node_modules/.bin", program), args, project, { NO_COLOR: "1", FORCE_COLOR: undefined });
    expect(await tool("biome", ["check", "jobs"])).toMatchObject({ code: 0 });
    expect(await tool("tsc", ["--noEmit"])).toMatchObject({ code: 0, stdout: "" });
    const tested = await tool("vitest", ["run", "jobs"]);
    expect(tested).toMatchObject({ code: 0, stdout: expect.stringMatching(/Test Files +4 passed \(4\)/) });
  });
});

describe("npm run new-job", () => {
  it("enters the folder into the lock, and says what comes next", async () => {
    const checkout = await ownCheckout();
    const { code, stdout } = await newJob(checkout, ["letters"], { npm_config_process: "true" });
    expect(code).toBe(0);
    expect(await readdir(path.join(checkout, "jobs/letters"))).toContain("bin");
    const { packages } = JSON.parse(await readFile(path.join(checkout, "package-lock.json"), "utf8"));
    expect(packages).toHaveProperty(["jobs/letters"]);
    expect(realpathSync(path.join(checkout, "node_modules/@autoscaling-job-queues/job-letters"))).toBe(
      realpathSync(path.join(checkout, "jobs/letters")),
    );
    expect(stdout).toContain("npm install has entered it into package-lock.json: commit that file with the folder.");
    expect(stdout).toContain("npx vitest run jobs/letters");
  });

  it("keeps the folder where npm install fails, and says how to go on", async () => {
    const checkout = await ownCheckout();
    await writeFile(path.join(checkout, "package.json"), "{");
    const { code, stderr } = await newJob(checkout, ["report"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^jobs\/report is written, but not entered into package-lock\.json \(.+\); run npm install in .+$/m);
    expect(existsSync(path.join(checkout, "jobs/report/job.ts"))).toBe(true);
  });

  it("writes into the last folder that JOBS_FOLDERS names, and links to the documents from there", async () => {
    const checkout = await ownCheckout();
    const mine = await temporaryFolder("mine");
    const { code, stdout } = await newJob(checkout, ["report"], { JOBS_FOLDERS: `jobs:${mine}` });
    expect([code, stdout]).toEqual([0, expect.stringContaining("run npm install in the project that it belongs to")]);
    expect(await readFile(path.join(mine, "report/README.md"), "utf8")).toContain(
      `${path.relative(path.join(mine, "report"), path.join(checkout, "docs"))}/job-types.md`,
    );
  });

  it("says what it takes when it is asked", async () => {
    const { code, stdout, stderr } = await newJob(await temporaryFolder("new-job"), ["--help"]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^Writes the folder of a job type .*\n\n {2}npm run new-job <name> \[-- --process\]\n/);
  });

  it.each([
    [["Report"], /^the name of the job type is "Report"; allowed: 1 to 32 lower-case letters, digits and single hyphens/],
    [["a--b"], /^the name of the job type is "a--b"; allowed: /],
    [["../report"], /^the name of the job type is "\.\.\/report"; allowed: /],
    [["canary"], /^jobs\/canary is there already; choose another name, or change that job type$/],
    [["taken"], /^jobs\/taken is there already; /],
    [[], /^name the job type: npm run new-job <name> \[-- --process\]$/],
    [["a", "b"], /^the command line is "a b"; allowed: npm run new-job <name> \[-- --process\]$/],
    [["a", "--proces"], /^the command line is "a --proces"; allowed: /],
  ])("refuses %j in one sentence, and writes nothing", async (args, message) => {
    const checkout = await temporaryFolder("new-job");
    await mkdir(path.join(checkout, "jobs/canary"), { recursive: true });
    await writeFile(path.join(checkout, "jobs/taken"), "");
    const { code, stdout, stderr } = await newJob(checkout, args);
    expect([code, stdout, stderr.trimEnd()]).toEqual([1, "", expect.stringMatching(message)]);
    expect((await readdir(path.join(checkout, "jobs"))).sort()).toEqual(["canary", "taken"]);
  });
});
