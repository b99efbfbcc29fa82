import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sampleJobs } from "../../../local/demo/jobs.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "jobs-"));
  const write = async (type: string, names: readonly string[]) => {
    await mkdir(path.join(folder, type));
    const samples = JSON.stringify(names.map((name) => ({ name, input: name })));
    await writeFile(path.join(folder, type, "samples.ts"), `export async function samples() { return ${samples}; }`);
  };
  await write("a", ["a1", "a2"]);
  await write("b", ["b1"]);
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

describe("the sample jobs", () => {
  it("take the samples of each type in turn, again and again", async () => {
    const jobs = await sampleJobs(folder, ["a", "b", "without-samples"], 5);
    expect(jobs.map(({ type, name }) => [type, name])).toEqual([
      ["a", "a1"],
      ["b", "b1"],
      ["a", "a2"],
      ["b", "b1"],
      ["a", "a1"],
    ]);
    expect(jobs[0]).toEqual({ type: "a", name: "a1", input: "a1", expected: "SUCCEEDED" });
  });

  it("are none where no type has samples", async () => {
    expect(await sampleJobs(folder, ["without-samples"], 5)).toEqual([]);
  });
});
