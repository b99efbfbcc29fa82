import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCaptured } from "./run-captured.ts";
import { findTools } from "./tools.ts";

const VERSION = "5.100.0";
const NO_REGISTRY = async () => false;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "tools-"));
  await mkdir(path.join(folder, "empty"));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** A machine on which nothing is installed. */
function bareMachine(): NodeJS.ProcessEnv {
  const empty = path.join(folder, "empty");
  return { PATH: empty, HOME: empty, TERRAFORM_PROVIDER_MIRROR: empty };
}

/** A program of a few lines of shell. @returns its folder. */
async function install(program: string, script: string): Promise<string> {
  const bin = await mkdtemp(path.join(folder, "bin-"));
  await writeFile(path.join(bin, program), `#!/bin/sh\n${script}\n`);
  await chmod(path.join(bin, program), 0o755);
  return bin;
}

const terraform = async (version: string): Promise<string> =>
  await install("terraform", `echo '{"terraform_version":"${version}"}'`);

describe("the search for tools", () => {
  it("names each thing that is missing, with what to do", async () => {
    expect(await findTools(bareMachine(), VERSION, NO_REGISTRY)).toEqual({
      tools: undefined,
      missing: [
        expect.stringMatching(/^Terraform 1\.11 or newer is missing: install it .*TERRAFORM_BINARY\.$/),
        expect.stringMatching(/^Python 3 is missing: install it .*MOTO_PYTHON\.$/),
        expect.stringMatching(/^moto_server is missing: run python3 -m pip install "moto\[server\]==[\d.]+".*MOTO_PYTHON\.$/),
        expect.stringMatching(/^The AWS provider 5\.100\.0 is missing: .*TERRAFORM_PROVIDER_MIRROR\.$/),
      ],
    });
  });

  it("asks for moto alone where there is a Python without it", async () => {
    const PATH = await install("python3", "exit 1");
    const { missing } = await findTools({ ...bareMachine(), PATH }, VERSION, NO_REGISTRY);
    expect(missing.filter((sentence) => sentence.includes("MOTO_PYTHON"))).toEqual([
      expect.stringMatching(/^moto_server is missing/),
    ]);
  });

  it("takes a Terraform that is too old for none", async () => {
    const PATH = await terraform("1.9.8");
    const { missing } = await findTools({ ...bareMachine(), PATH }, VERSION, NO_REGISTRY);
    expect(missing[0]).toMatch(/^Terraform 1\.11 or newer is missing/);
  });

  it("finds a Python of pyenv's, and a mirror some folders below", async () => {
    const PYENV_ROOT = path.join(folder, "pyenv");
    const python = path.join(PYENV_ROOT, "versions", "3.12.1", "bin");
    await mkdir(python, { recursive: true });
    await writeFile(path.join(python, "python"), "#!/bin/sh\nexit 0\n", { mode: 0o755 });
    const mirror = path.join(folder, "shared", "terraform", "mirror");
    const platform = `${process.platform}_${process.arch === "x64" ? "amd64" : process.arch}`;
    await mkdir(path.join(mirror, "registry.terraform.io", "hashicorp", "aws", VERSION, platform), { recursive: true });
    const variables = { ...bareMachine(), PATH: await terraform("1.11.4"), PYENV_ROOT };
    const found = await findTools({ ...variables, TERRAFORM_PROVIDER_MIRROR: path.join(folder, "shared") }, VERSION, NO_REGISTRY);
    expect(found).toEqual({
      missing: [],
      tools: { terraform: path.join(variables.PATH, "terraform"), python: path.join(python, "python"), mirror },
    });
  });

  it("needs no mirror where Terraform reaches the registry", async () => {
    const variables = {
      ...bareMachine(),
      PATH: await terraform("1.12.0"),
      MOTO_PYTHON: path.join(await install("python", ""), "python"),
    };
    const { missing, tools } = await findTools(variables, VERSION, async () => true);
    expect(missing).toEqual([]);
    expect(tools?.mirror).toBeUndefined();
  });
});

describe("npm run test:deploy", () => {
  it("says what to install, in one sentence each, and fails where nothing is there", async () => {
    const config = path.join("__tests__", "deploy", "vitest.config.ts");
    const vitest = path.join("node_modules", "vitest", "vitest.mjs");
    const { code, stdout, stderr } = await runCaptured(process.execPath, [vitest, "run", "--config", config], {
      environment: bareMachine(),
    });
    expect(code).toBe(1);
    expect(stderr.split("\n").filter((line) => line.includes(" is missing: "))).toHaveLength(4);
    expect(`${stdout}${stderr}`).not.toMatch(/^\s+at |❯/m);
  });
});
