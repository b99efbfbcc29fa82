import { execFile } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { JobsClient } from "../../client/jobs-client.ts";
import { type CallersPlatform, startCallersPlatform } from "../support/callers-platform.ts";
import { hasProgram, hasPython, hasPythonPackage } from "../support/programs.ts";
import { API_GUIDE, examples, LANGUAGES, type Language } from "./api-guide.ts";

/** The credentials that the document says to export on one machine. */
const credentials = Object.fromEntries(
  [...API_GUIDE.matchAll(/(AWS_\w+)=(\w+)(?=[ `])/g)].map(([, name, value]) => [name, value]),
);

describe("the examples of the API's documentation, with a file of 100 MB", () => {
  let platform: CallersPlatform;
  const content = randomBytes(100_000_000);
  const sha256 = createHash("sha256").update(content).digest("hex");
  const folders = {} as Record<Language | "script", string>;

  beforeAll(async () => {
    platform = await startCallersPlatform(["canary", "document"]);
    for (const name of [...LANGUAGES, "script"] as const) {
      folders[name] = path.join(platform.folder, name);
      await mkdir(folders[name]);
    }
    await writeFile(path.join(platform.folder, "large.bin"), content);
  });
  afterAll(async () => {
    await platform.stop();
  });

  /** Runs a program in the folder of its own, and gives what it prints. */
  async function run(name: Language | "script", program: string, args: readonly string[]): Promise<string> {
    // What a new user has: no credentials but those that the document says to export.
    const ambient = Object.entries(process.env).filter(([variable]) => !variable.startsWith("AWS_"));
    const variables = { ...Object.fromEntries(ambient), ...credentials };
    const { stdout } = await promisify(execFile)(program, args, {
      cwd: folders[name],
      env: {
        ...variables,
        JOBS_API_URL: platform.url,
        PYTHONPATH: path.resolve("examples/python"),
        PYTHONDONTWRITEBYTECODE: "1",
        NO_PROXY: "127.0.0.1",
        NODE_NO_WARNINGS: "1",
      },
    });
    return stdout;
  }

  async function exampleFile(language: Language, name: string, head = ""): Promise<string> {
    const file = path.join(folders[language], name);
    await writeFile(file, `${head}${examples(language).join("\n")}`);
    // 100 MB are not copied for each.
    await promisify(execFile)("ln", ["-s", "../large.bin", path.join(folders[language], "large.bin")]);
    return file;
  }

  /** What the examples of a language left behind, the oldest first. */
  async function jobsOf(language: Language) {
    const jobs = new JobsClient({ url: platform.url });
    const all: { type: string; status: string; input: unknown; result: unknown; retryOf: string | undefined }[] = [];
    for await (const { type, status, tags = {}, input, result, retryOf } of jobs.list()) {
      if (tags.run?.startsWith(`${language}-`)) all.unshift({ type, status, input, result, retryOf });
    }
    return all;
  }

  /** The jobs that the examples add in every language, as they must have ended. */
  const ENDED = [
    { type: "canary", status: "SUCCEEDED", input: { op: "digest" }, result: { bytes: content.length, sha256 } },
    { type: "document", status: "SUCCEEDED" },
    { type: "canary", status: "FAILED" },
    { type: "canary", status: "FAILED", retryOf: expect.stringMatching(/^canary_/) },
    { type: "canary", status: "CANCELLED" },
  ];

  async function expectPdf(language: Language): Promise<void> {
    expect((await readFile(path.join(folders[language], "report.pdf"))).subarray(0, 5).toString()).toBe("%PDF-");
  }

  it.runIf(hasProgram("curl") && hasProgram("jq"))("in the shell do what they say", async () => {
    const printed = await run("sh", "bash", [await exampleFile("sh", "example.sh", "set -euo pipefail\n")]);
    expect(await jobsOf("sh")).toMatchObject(ENDED);
    await expectPdf("sh");
    expect(printed).toContain('\n{"total":5,"succeeded":5,"failed":0,"cancelled":0}\n[0,1,2,3,4]\nCOMPLETE\n');
    expect(printed).toContain(`{"status":"SUCCEEDED","result":{"bytes":100000000,"sha256":"${sha256}"}}`);
    expect(printed).toMatch(/\ncanary FAILED\ncanary FAILED\nCANCELLED\n/);
  });

  it("in TypeScript have no errors of types, and do what they say", async () => {
    const example = await exampleFile("ts", "example.ts");
    const project = { extends: path.resolve("tsconfig.json"), include: ["example.ts"], exclude: [] };
    await writeFile(path.join(folders.ts, "tsconfig.json"), JSON.stringify(project));
    await run("ts", process.execPath, [path.resolve("node_modules/typescript/bin/tsc"), "-p", "."]);
    const printed = await run("ts", process.execPath, [example]);
    const { type, status } = { type: "canary", status: "SUCCEEDED" };
    const echo = { type, status, input: { op: "echo", value: "hello" }, result: { value: "hello" } };
    expect(await jobsOf("ts")).toMatchObject([ENDED[0], echo, ...ENDED.slice(1)]);
    await expectPdf("ts");
    expect(printed).toContain("100000000 bytes sent");
    expect(printed).toContain("\n5 0\nCOMPLETE\nSUCCEEDED { value: 1 }\n");
    expect(printed).toMatch(/\ncanary FAILED\ncanary FAILED\nCANCELLED\n/);
    expect(printed).toMatch(/\n422 \[\n? *\{\s*path: '\/input\/seconds'/);
  });

  it.runIf(hasPython() && hasPythonPackage("botocore"))("in Python do what they say", async () => {
    const printed = await run("python", "python3", [await exampleFile("python", "example.py")]);
    expect(await jobsOf("python")).toMatchObject(ENDED);
    await expectPdf("python");
    expect(printed).toContain("\n5 0 COMPLETE\n");
    expect(printed).toMatch(/\ncanary FAILED\ncanary FAILED\nCANCELLED\n/);
    expect(printed).toMatch(/\n422 \[\{'path': '\/input\/seconds'/);
  });

  it.runIf(hasPython())("have a script in Python that does all of it", async () => {
    const script = path.resolve("examples/python/digest.py");
    const printed = await run("script", "python3", [script, platform.url, "-", "../large.bin", "digest.pdf"]);
    const pdf = await readFile(path.join(folders.script, "digest.pdf"));
    expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
    expect(printed.trim().split("\n")).toEqual([
      `SUCCEEDED ${sha256}`,
      `SUCCEEDED document.pdf ${pdf.length}`,
      "SUCCEEDED True",
      "canary SUCCEEDED",
      "document SUCCEEDED",
      "canary SUCCEEDED",
    ]);
  });
});
