import { spawnSync } from "node:child_process";
import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { packageRoots } from "../../scripts/image-sources.ts";
import { jobFolders } from "../../scripts/job-folders.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { jobProject, jobTypeSource, REPORT_FOLDER } from "./job-project.ts";

/** A repository of an organization beside a checkout: its own environments, and a job type with a package of its own. */
async function organization(): Promise<string> {
  const root = await temporaryFolder("organization");
  const write = async (file: string, content: unknown): Promise<void> => {
    await mkdir(path.dirname(path.join(root, file)), { recursive: true });
    await writeFile(path.join(root, file), typeof content === "string" ? content : JSON.stringify(content));
  };
  await write("jobs/invoice/job-type.ts", jobTypeSource('name: "invoice",'));
  await write(
    "jobs/invoice/job.ts",
    `import { defineJob } from "@autoscaling-job-queues/worker/define-job";
import { greeting } from "greeting";
import invoiceJob from "./job-type.ts";

export default defineJob(invoiceJob, () => greeting);
`,
  );
  await write("jobs/invoice/package.json", { type: "module", dependencies: { greeting: "1.0.0" } });
  await write("node_modules/greeting/package.json", { name: "greeting", version: "1.0.0", type: "module", main: "index.js" });
  await write("node_modules/greeting/index.js", 'export const greeting = "good day";\n');
  const greeting = { version: "1.0.0", integrity: "sha512-greeting" };
  await write("package-lock.json", { packages: { "jobs/invoice": {}, "node_modules/greeting": greeting } });
  for (const shared of ["@autoscaling-job-queues/domain", "@autoscaling-job-queues/worker", "zod"]) {
    await mkdir(path.dirname(path.join(root, "node_modules", shared)), { recursive: true });
    await symlink(path.resolve("node_modules", shared), path.join(root, "node_modules", shared));
  }
  await write("environments/staging.ts", environmentSource("staging"));
  await write("environments/copied.ts", environmentSource("staging"));
  await write("environments/shared.ts", "export const zones = 2;\n");
  return root;
}

const environmentSource = (
  name: string,
) => `import { defineEnvironment } from ${JSON.stringify(path.resolve("environments/define-environment.ts"))};

export default () => defineEnvironment({
  name: ${JSON.stringify(name)},
  accountId: "111122223333",
  region: "us-east-1",
  backend: { kind: "local", path: "states" },
  network: { kind: "public", cidr: "10.20.0.0/16", zones: ["us-east-1a"] },
});
`;

let root: string;
let checkout: string;
beforeAll(async () => {
  root = await organization();
  checkout = await jobProject({ ...REPORT_FOLDER, "package.json": '{ "type": "module" }\n' });
});

function run(program: string, JOBS_ENVIRONMENT = "staging") {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--disable-warning=DEP0044", path.resolve(program)], {
    cwd: checkout,
    env: {
      PATH: process.env.PATH,
      JOBS_FOLDERS: ["jobs", path.join(root, "jobs")].join(path.delimiter),
      ENVIRONMENTS_FOLDER: path.join(root, "environments"),
      JOBS_ENVIRONMENT,
    },
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

describe("an organization's own repository", () => {
  it("has its job types built, tagged and synthesized beside those of the checkout, for an environment of its own", async () => {
    expect(run("scripts/build.ts")).toEqual({ status: 0, stdout: "", stderr: "" });
    const file = pathToFileURL(path.join(checkout, "dist/workers/invoice/job.mjs")).href;
    const { default: job } = (await import(file)) as { default: { handler: () => unknown } };
    expect(job.handler()).toBe("good day");
    const tags = JSON.parse(await readFile(path.join(checkout, "dist/image-tags.json"), "utf8"));
    for (const platform of ["linux/arm64", "linux/amd64"]) {
      expect(tags[platform]).toEqual({
        invoice: expect.stringMatching(/^[0-9a-f]{16}$/),
        report: expect.stringMatching(/^[0-9a-f]{16}$/),
      });
    }

    expect(run("main.ts")).toEqual({
      status: 0,
      stdout: "staging: cdktf.out/stacks holds platform, invoice, report\n",
      stderr: "",
    });
    expect((await readdir(path.join(checkout, "cdktf.out/stacks"))).sort()).toEqual(["invoice", "platform", "report"]);
  });

  it("has the packages of its images from its own lock", async () => {
    const [invoice] = await jobFolders([path.join(root, "jobs")]);
    if (invoice === undefined) throw new Error("no job type was found");
    expect(await packageRoots(invoice)).toEqual([{ folder: "jobs/invoice", names: ["greeting"] }]);
    const { project } = invoice;
    expect(await readdir(project)).toContain("package-lock.json");
  });

  it("is told of an environment that is none of its files, no environment, or one under another's name", () => {
    expect(run("main.ts", "prod").stderr).toContain('JOBS_ENVIRONMENT is "prod"; allowed: copied, shared, staging\n');
    expect(run("main.ts", "shared").stderr).toMatch(/shared\.ts: the default export is "undefined"; allowed: a function/);
    expect(run("main.ts", "copied").stderr).toMatch(/copied\.ts: name is "staging"; allowed: copied, as the file is named\n$/);
  });
});
