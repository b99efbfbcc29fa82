import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { JobInput } from "@autoscaling-job-queues/domain/job-type";
import { afterAll, describe, expect, it } from "vitest";
import wordCountJob from "./job-type.ts";
import { samples } from "./samples.ts";

const FOLDER = mkdtempSync(path.join(tmpdir(), "word-count-"));
afterAll(() => rmSync(FOLDER, { recursive: true }));

interface Program {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly searchPath: string;
}

function installed(program: string): string[] {
  const { stdout } = spawnSync("sh", ["-c", `command -v ${program}`], { encoding: "utf8" });
  return stdout === "" ? [] : [stdout.trim()];
}

/** The job with a certain awk as its `awk`. */
function withAwk(file: string): Program {
  const name = path.basename(file);
  const folder = path.join(FOLDER, name);
  mkdirSync(folder);
  symlinkSync(file, path.join(folder, "awk"));
  return { name: `job.sh with ${name}`, command: ["sh", "job.sh"], searchPath: `${folder}:${process.env.PATH}` };
}

/** What every machine runs, and whatever else this one has: other awks, and the Python twin. */
const programs: readonly Program[] = [
  { name: "job.sh", command: ["sh", "job.sh"], searchPath: process.env.PATH ?? "" },
  ...["mawk", "gawk", "busybox", "original-awk"].flatMap(installed).map(withAwk),
  ...installed("python3").map(
    (python): Program => ({ name: "job.py", command: [python, "job.py"], searchPath: process.env.PATH ?? "" }),
  ),
];

function start({ command: [program, ...args], searchPath }: Program): { child: ChildProcess; files: string; temporary: string } {
  const [files, temporary] = ["files-", "temporary-"].map((prefix) => mkdtempSync(path.join(FOLDER, prefix))) as [string, string];
  const child = spawn(program, args, {
    cwd: fileURLToPath(new URL("./bin", import.meta.url)),
    detached: true,
    env: { PATH: searchPath, TMPDIR: temporary, JOB_ID: "1", JOB_TYPE: "word-count", JOB_ATTEMPT: "1", JOB_FILES: files },
  });
  return { child, files, temporary };
}

async function run(program: Program, input: string) {
  const { child, files, temporary } = start(program);
  const output = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream]?.setEncoding("utf8").on("data", (text: string) => {
      output[stream] += text;
    });
  }
  child.stdin?.on("error", () => {});
  child.stdin?.end(input);
  const [status] = await once(child, "close");
  const stored = readdirSync(files).map((name) => [name, readFileSync(path.join(files, name), "utf8")]);
  return { status, ...output, files: Object.fromEntries(stored) as Record<string, string>, left: readdirSync(temporary) };
}

/** The input as the worker writes it. */
function standardInput(input: unknown): string {
  return JSON.stringify(wordCountJob.input.parse(input));
}

const CASES: readonly { readonly name: string; readonly text: string; readonly result: object; readonly csv: string }[] = [
  {
    name: "counts and ranks words, ties by their bytes",
    text: "to be or not to be\nthat is the question",
    result: { lines: 2, words: 10, characters: 39, top: ["be 2", "to 2", "is 1", "not 1"] },
    csv: "be,2\nto,2\nis,1\nnot,1\nor,1\nquestion,1\nthat,1\nthe,1\n",
  },
  {
    name: "reads every escape of JSON",
    text: 'a"b\\c/d\b\f\n\r\t\u0001\\\\n "\\"',
    result: { lines: 2, words: 5, characters: 20, top: ["a 1", "b 1", "c 1", "d 1"] },
    csv: "a,1\nb,1\nc,1\nd,1\nn,1\n",
  },
  {
    name: "counts code points, and half a surrogate pair as one replacement character",
    text: "🐤 é \ud800 \udc00x \ud800",
    result: { lines: 1, words: 5, characters: 10, top: ["� 2", "é 1", "�x 1", "🐤 1"] },
    csv: "�,2\né,1\n�x,1\n🐤,1\n",
  },
  {
    name: "takes typographic punctuation and spaces for what they are",
    text: "“Don’t”—don't… «l’été»\u00a0l'été\u3000日本。'",
    result: { lines: 1, words: 5, characters: 33, top: ["don't 2", "l'été 2", "日本 1"] },
    csv: "don't,2\nl'été,2\n日本,1\n",
  },
  {
    name: "takes a NUL for a space",
    text: "a\0b",
    result: { lines: 1, words: 2, characters: 3, top: ["a 1", "b 1"] },
    csv: "a,1\nb,1\n",
  },
  { name: "finds no word in an empty line", text: "\n", result: { lines: 1, words: 0, characters: 1, top: [] }, csv: "" },
];

describe.each(programs)("$name", (program) => {
  it.each(CASES)("$name", async ({ text, result, csv }) => {
    const { status, stdout, files, left } = await run(program, standardInput({ text, top: 4 }));
    const { top, ...counts } = JSON.parse(stdout) as { top: { word: string; count: number }[] };
    expect({ status, result: { ...counts, top: top.map(({ word, count }) => `${word} ${count}`) }, files, left }).toEqual({
      status: 0,
      result,
      files: { "words.csv": `word,count\n${csv}` },
      left: [],
    });
  });

  it("reads other JSON of the same meaning: spaces, another order, escaped characters", async () => {
    const { stdout } = await run(program, ' {\n "top" : 1 ,\t"text":"\\ud83d\\udc24 \\u0041\\u00E9 a\\u00e9\\/"\r\n}\n');
    expect(JSON.parse(stdout)).toEqual({ lines: 1, words: 3, characters: 8, top: [{ word: "aé", count: 2 }] });
  });

  it.each(["2", "2.0", "0.2e1", "20E-1", "2.0000000000000000000000001"])("takes %s for the whole number 2", async (top) => {
    expect(wordCountJob.input.safeParse(JSON.parse(`{"text":"x","top":${top}}`)).success).toBe(true);
    const { status, stdout } = await run(program, `{"top":${top} , "text":"a b c"}`);
    expect({ status, words: (JSON.parse(stdout) as { top: unknown[] }).top.length }).toEqual({ status: 0, words: 2 });
  });

  it("reports progress that grows, and nothing else, on standard error", async () => {
    const { stderr } = await run(program, standardInput({ text: "x" }));
    expect(stderr).toBe("progress 0.1 decoding the text\nprogress 0.4 counting words\nprogress 0.8 sorting the words\n");
  });

  it.each([
    "",
    "nonsense",
    '{"text":"a"}',
    '{"top":3}',
    '{"text":3,"top":1}',
    '{"text":"a',
    '{"text":"\\q","top":1}',
    '{"text":"\\u00',
  ])("fails for good on %j, and says why", async (input) => {
    const { status, stdout, stderr, left } = await run(program, input);
    expect({ status, stdout, left }).toEqual({ status: 65, stdout: "", left: [] });
    expect(stderr).toContain("the input ");
  });
});

const MILLION_ESCAPES = '\n"'.repeat(500_000);

describe("the word-count job", () => {
  it("takes a text of a million characters, all of them escapes", async () => {
    const { stdout } = await run(programs[0]!, standardInput({ text: MILLION_ESCAPES }));
    expect(JSON.parse(stdout)).toEqual({ lines: 500_001, words: 0, characters: 1_000_000, top: [] });
  });

  it("stops on SIGTERM and leaves nothing behind", async () => {
    const { child, temporary } = start(programs[0]!);
    child.stdin?.on("error", () => {});
    child.stdin?.end(standardInput({ text: MILLION_ESCAPES }));
    await once(child.stderr!, "data");
    process.kill(-child.pid!, "SIGTERM");
    const [status] = await once(child, "close");
    expect({ status, left: readdirSync(temporary) }).toEqual({ status: 143, left: [] });
  });

  it("counts every sample", async () => {
    for (const { input } of await samples()) {
      const { status, stdout } = await run(programs[0]!, standardInput(input));
      const { text } = wordCountJob.input.parse(input) as JobInput<typeof wordCountJob>;
      expect(status).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({
        characters: [...text].length,
        lines: text.replace(/\n$/, "").split("\n").length,
      });
    }
  });

  it.each([
    {},
    { text: "" },
    { text: "x".repeat(1_000_001) },
    { text: "x", top: 0 },
    { text: "x", top: 101 },
    { text: "x", tip: 1 },
  ])("refuses a wrong input", (input) => {
    expect(wordCountJob.input.safeParse(input).success).toBe(false);
  });
});
