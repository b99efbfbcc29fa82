import { spawn } from "node:child_process";
import { mkdir, readFile, symlink } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readCommandLine } from "../../cli/program.ts";
import { VERBS } from "../../cli/verbs.ts";
import { examples } from "../docs/api-guide.ts";
import { hasProgram } from "../support/programs.ts";
import { type CliPlatform, startCliPlatform } from "./cli-platform.ts";
import { CLI, cliEnvironment } from "./run-cli.ts";

const GUIDE = await readFile("docs/cli.md", "utf8");
const isShown = VERBS.filter(({ hidden }) => hidden !== true);

/** Words of a line of a shell: quoted by `'` or `"`, or not. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, single, double, plain]) => single ?? double ?? plain ?? "");
}

describe("the help of each verb", () => {
  it.each(isShown.flatMap(({ name, examples: own }) => own.map(({ command }) => [name, command] as const)))(
    "jobs %s: %s is understood",
    (name, command) => {
      const written: string[] = [];
      const stream = { write: (text: string) => written.push(text) } as unknown as NodeJS.WriteStream;
      // What is piped in or out, and expansions, are the shell's.
      const own = command.split(" | ").findLast((part) => /(^|\s|\()jobs /.test(part))!;
      const line = own.slice(own.search(/jobs /) + "jobs ".length).replace(/\)"$| > .*$/, "");
      const call = readCommandLine(VERBS, wordsOf(line), "0", { stdout: stream, stderr: stream });
      expect(written).toEqual([]);
      expect(call).toMatchObject({ verb: { name } });
    },
  );

  it("is in the guide's list of verbs", () => {
    const [table = ""] = GUIDE.split("\n## ");
    for (const { name } of isShown) expect(table).toContain(`\`${name}\``);
  });
});

describe.runIf(hasProgram("jq"))("docs/cli.md", () => {
  let platform: CliPlatform;
  beforeAll(async () => {
    platform = await startCliPlatform(["canary"]);
    await mkdir(path.join(platform.folder, "bin"));
    await symlink(CLI, path.join(platform.folder, "bin", "jobs"));
  });
  afterAll(async () => {
    await platform.stop();
  });

  it("has examples that are one script, and work", async () => {
    const script = examples("sh", GUIDE).join("\n");
    const programs = `${path.join(platform.folder, "bin")}:${path.dirname(process.execPath)}:${process.env.PATH}`;
    const child = spawn("bash", ["-euo", "pipefail", "-c", script], {
      cwd: platform.folder,
      env: cliEnvironment({ PATH: programs }),
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [output, errors] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      output += chunk;
    });
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      errors += chunk;
    });
    const code = await new Promise((resolve) => child.once("close", resolve));
    expect({ code, errors, output }).toMatchObject({ code: 0 });
    expect(output).toContain('"hello"');
    expect(output).toContain("exit code 1");
    expect(output).toMatch(/^canary: \d+ waiting, \d+ of \d+ tasks$/m);
    expect(output).toMatch(/^ok {2}API: answers within \d+ ms$/m);
  });
});
