import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { afterEach, describe, expect, it, vi } from "vitest";
import { statesOf } from "../../scripts/state-list.ts";
import { buildEnvironment } from "../modules/synthesized.ts";
import { environmentFolder } from "../support/run-script.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const run = promisify(execFile);

/** A state with as many managed resources, and one that was only read. */
const state = (resources: number): string =>
  JSON.stringify({
    version: 4,
    resources: [
      { mode: "data", type: "terraform_remote_state", instances: [{}] },
      ...Array.from({ length: resources }, () => ({ mode: "managed", type: "aws_sqs_queue", instances: [{}] })),
    ],
  });

/** A checkout's environment and stacks, as far as the command reads them, with states in a folder. */
async function checkout(stacks: readonly string[], states: Readonly<Record<string, string>>) {
  const folder = await temporaryFolder("states");
  const environments = await environmentFolder(folder, "test");
  for (const stack of stacks) {
    await mkdir(path.join(folder, "cdktf.out", "stacks", stack), { recursive: true });
    const tags = { environment: "test" };
    const text = JSON.stringify({ provider: { aws: [{ default_tags: [{ tags }] }] } });
    await writeFile(path.join(folder, "cdktf.out", "stacks", stack, "cdk.tf.json"), text);
  }
  await mkdir(path.join(folder, "states"));
  for (const [file, text] of Object.entries(states)) await writeFile(path.join(folder, "states", file), text);
  return async (...args: string[]) => {
    const env = { PATH: process.env.PATH, JOBS_ENVIRONMENT: "test", ENVIRONMENTS_FOLDER: environments };
    const program = [path.resolve("scripts", "states.ts"), ...args];
    return await run(process.execPath, program, { cwd: folder, env }).then(
      ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
      ({ code, stdout, stderr }) => ({ code, stdout, stderr }) as { code: number; stdout: string; stderr: string },
    );
  };
}

describe("npm run states", () => {
  it("says of each stack what its state has, and is content where nothing is left over", async () => {
    const states = { "platform.tfstate": state(61), "old.tfstate": state(0), "old.tfstate.backup": state(30) };
    const { code, stdout } = await (await checkout(["canary", "platform"], states))();
    expect(stdout.split("\n")).toEqual([
      "canary: not applied yet",
      "platform: 61 resources",
      "old: no stack, and no resources either; its state can be deleted",
      "",
    ]);
    expect(code).toBe(0);
  });

  it("fails where the folder of a job type is gone and its resources are not, and says how they go", async () => {
    const states = { "platform.tfstate": state(61), "invoice.tfstate": state(34) };
    const { code, stdout, stderr } = await (await checkout(["platform"], states))("--json");
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toEqual({ platform: 61, invoice: 34 });
    expect(stderr).toMatch(
      /invoice: 34 resources, but no stack: nothing manages them. Put the job type back, with retired: true/,
    );
  });

  it("tells a program that a platform was never applied", async () => {
    const { code, stdout } = await (await checkout(["canary", "platform"], {}))("--json");
    expect([code, JSON.parse(stdout)]).toEqual([0, { canary: 0, platform: 0 }]);
  });

  it("compares nothing that was not synthesized", async () => {
    const { code, stderr } = await (await checkout([], {}))();
    expect([code, stderr.trim()]).toEqual([1, "cdktf.out/stacks has no stacks; run JOBS_ENVIRONMENT=test npm run synth"]);
  });
});

describe("the states of HCP Terraform", () => {
  afterEach(() => void vi.unstubAllEnvs());
  const environment = buildEnvironment({
    backend: { kind: "remote", hostname: "tfe.my-company.example", organization: "acme", workspacePrefix: "jobs-test-" },
  });
  const page = (names: readonly (readonly [string, number | null])[], next: number | null) => ({
    data: names.map(([name, resources]) => ({ attributes: { name, "resource-count": resources } })),
    meta: { pagination: { "next-page": next } },
  });

  it("are its workspaces of the prefix, on as many pages as there are", async () => {
    vi.stubEnv("TF_TOKEN_tfe_my__company_example", "secret");
    const pages = [
      page(
        [
          ["jobs-test-platform", 61],
          ["other-jobs-test-x", 5],
        ],
        2,
      ),
      page([["jobs-test-canary", null]], null),
    ];
    const asked: [string, unknown][] = [];
    const states = await statesOf(environment, async (url, init) => {
      asked.push([String(url), new Headers(init?.headers).get("authorization")]);
      return Response.json(pages[asked.length - 1]);
    });
    expect([...states]).toEqual([
      ["platform", 61],
      ["canary", 0],
    ]);
    const address = "https://tfe.my-company.example/api/v2/organizations/acme/workspaces?page%5Bsize%5D=100&page%5Bnumber%5D=";
    expect(asked).toEqual([1, 2].map((number) => [`${address}${number}&search%5Bname%5D=jobs-test-`, "Bearer secret"]));
  });

  it("cannot be told without rights to read them", async () => {
    vi.stubEnv("TF_TOKEN_tfe_my__company_example", "secret");
    await expect(statesOf(environment, async () => new Response("", { status: 404 }))).rejects.toThrow(
      /workspaces\?.* answered 404; may the token list workspaces\?/,
    );
  });

  it("need a token", async () => {
    vi.stubEnv("HOME", await temporaryFolder("home"));
    await expect(statesOf(environment)).rejects.toThrow(
      "there is no token for tfe.my-company.example; set TF_TOKEN_tfe_my__company_example, or run terraform login",
    );
  });
});
