import { spawn } from "node:child_process";
import { mkdir, symlink } from "node:fs/promises";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { completions } from "../../cli/completion-words.ts";
import { VERBS } from "../../cli/verbs.ts";
import { json, standInApi } from "../client/stand-in-api.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { CLI, cliEnvironment } from "./run-cli.ts";

const words = async (...line: string[]): Promise<readonly string[]> =>
  await completions(VERBS, line, async () => ["canary", "document"]);

describe("the words that complete a line", () => {
  it.each([
    [["wa"], ["wait"]],
    [["ba"], ["batch"]],
    [
      ["batch", ""],
      ["add", "get", "wait", "cancel"],
    ],
    [["add", "c"], ["canary"]],
    [["batch", "add", "d"], ["document"]],
    [
      ["pause", ""],
      ["canary", "document"],
    ],
    [["list", "--st"], ["--status"]],
    [["list", "--status", "F"], ["FAILED"]],
    [
      ["list", "--type", ""],
      ["canary", "document"],
    ],
    [["get", "--download", ""], [":files"]],
    [
      ["completion", ""],
      ["bash", "zsh", "fish"],
    ],
    [["nothing", ""], []],
  ])("%j: %j", async (line, fit) => {
    expect(await words(...line)).toEqual(fit);
  });

  it("has every verb but what shells call", async () => {
    const first = await words("");
    expect(first).toContain("redrive");
    expect(first).not.toContain("complete");
  });
});

describe("in bash", async () => {
  const api = await standInApi();
  let bin: string;

  beforeAll(async () => {
    bin = path.join(await temporaryFolder("bin"), "bin");
    await mkdir(bin);
    await symlink(CLI, path.join(bin, "jobs"));
  });

  /** What an interactive shell prints that loaded the completion. */
  async function bash(script: string): Promise<string> {
    const { PATH = "" } = process.env;
    const env = cliEnvironment({ PATH: `${bin}:${path.dirname(process.execPath)}:${PATH}`, JOBS_API_URL: api.url });
    const child = spawn("bash", ["-c", `eval "$(env jobs completion bash)"\n${script}`], {
      cwd: "/",
      env,
      stdio: ["ignore", "pipe", "inherit"],
    });
    let stdout = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      stdout += chunk;
    });
    await new Promise((resolve) => child.once("close", resolve));
    return stdout;
  }

  it("Tab completes verbs and job types", async () => {
    api.answer = (_, response) => json(response, 200, { items: [{ name: "canary" }, { name: "document" }] });
    const tab = (...line: string[]): string =>
      `COMP_WORDS=(jobs ${line.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${line.length}; _jobs; echo "\${COMPREPLY[*]}"`;
    expect(await bash([tab("bat"), tab("add", "do"), tab("list", "--status", "")].join("\n"))).toBe(
      "batch\ndocument\nQUEUED RUNNING SUCCEEDED FAILED CANCELLED\n",
    );
  });

  it("jobs with a verb is this command, and the shell's own without", async () => {
    expect(await bash("jobs --version; sleep 5 & jobs -r; kill %1")).toMatch(/^\d+\.\d+\.\d+\n\[1\].*sleep 5 &\n$/);
  });
});
