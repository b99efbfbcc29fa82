import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { registryEntry } from "../../domain/registry-entry.ts";
import { literal, registryItemJson } from "../../modules/registry-item.ts";
import { synthesize } from "../../modules/synthesize.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { buildBundles, buildEnvironment, buildJobType, readStack, synthesized } from "./synthesized.ts";

/** Every file below a folder, with a hash of its content. */
async function hashes(folder: string): Promise<Record<string, string>> {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const hashed = files.map(async ({ parentPath, name }) => {
    const file = path.join(parentPath, name);
    return [
      path.relative(folder, file),
      createHash("sha256")
        .update(await readFile(file))
        .digest("hex"),
    ] as const;
  });
  return Object.fromEntries((await Promise.all(hashed)).sort());
}

const newFolder = async () => await temporaryFolder("output");

describe("a synthesis", () => {
  it("gives the same bytes from two folders and at two times, packages included", async () => {
    const [one, other] = [await buildBundles(), await buildBundles()];
    await utimes(path.join(other, "add-job", "index.mjs"), new Date("2001-02-03"), new Date("2001-02-03"));
    const outputs = await Promise.all(
      [one, other].map(async (handlersFolder) => {
        const outputFolder = path.join(await newFolder(), "cdktf.out");
        await synthesize({ environment: buildEnvironment(), jobTypes: [buildJobType()], handlersFolder, outputFolder });
        return await hashes(outputFolder);
      }),
    );
    expect(Object.keys(outputs[0] ?? {})).toHaveLength(12);
    expect(outputs[0]).toEqual(outputs[1]);
  });

  it("changes nothing of the platform or of other types for a new type", async () => {
    const [etl, report] = [buildJobType({ name: "etl" }), buildJobType()];
    const before = await synthesized(buildEnvironment(), [report]);
    const after = await synthesized(buildEnvironment(), [report, etl]);
    expect(after.platform).toEqual(before.platform);
    expect(after.jobType).toEqual(before.jobType);
    expect(await readStack(after.outputFolder, "etl")).toMatchObject({
      resource: { aws_sqs_queue: { queue: { name: "jobs-test-etl-jobs" } } },
    });
  });

  it("has the CDKTF command deploy the platform first, and destroy it last", async () => {
    const { outputFolder } = await synthesized(buildEnvironment(), [buildJobType(), buildJobType({ name: "etl" })]);
    const { stacks } = JSON.parse(await readFile(path.join(outputFolder, "manifest.json"), "utf8"));
    const dependencies = Object.values(stacks as Record<string, { name: string; dependencies: string[] }>).map(
      (stack) => [stack.name, stack.dependencies] as const,
    );
    expect(Object.fromEntries(dependencies)).toEqual({ platform: [], report: ["platform"], etl: ["platform"] });
  });

  it("keeps what terraform init left beside a stack, and drops stacks that are gone", async () => {
    const outputFolder = path.join(await newFolder(), "cdktf.out");
    const run = { environment: buildEnvironment(), handlersFolder: await buildBundles(), outputFolder };
    await synthesize({ ...run, jobTypes: [buildJobType(), buildJobType({ name: "gone" })] });
    await mkdir(path.join(outputFolder, "stacks", "report", ".terraform"));
    await writeFile(path.join(outputFolder, "stacks", "report", ".terraform.lock.hcl"), "locked");
    await synthesize({ ...run, jobTypes: [buildJobType()] });
    expect((await readdir(path.join(outputFolder, "stacks"))).sort()).toEqual(["platform", "report"]);
    expect((await readdir(path.join(outputFolder, "stacks", "report"))).sort()).toEqual([
      ".terraform",
      ".terraform.lock.hcl",
      "cdk.tf.json",
    ]);
  });

  it.each([
    ["two types of one name", [buildJobType(), buildJobType()], /job types is "report"; allowed: a different name/],
    ["a type named as the platform", [buildJobType({ name: "platform" })], /name is "platform"; allowed: any name but/],
    [
      "more tasks than the quota holds",
      [buildJobType({ container: { cpu: 4_096, memoryMiB: 8_192 }, scaling: { maxTasks: 26 } })],
      /scaling.maxTasks is 26; allowed: at most 25 tasks of 4 vCPU/,
    ],
  ])("refuses %s, and leaves the output before as it was", async (_, jobTypes, message) => {
    const outputFolder = path.join(await newFolder(), "cdktf.out");
    const run = { environment: buildEnvironment(), handlersFolder: await buildBundles(), outputFolder };
    await synthesize({ ...run, jobTypes: [buildJobType()] });
    const before = await hashes(path.dirname(outputFolder));
    await expect(synthesize({ ...run, jobTypes })).rejects.toThrow(message);
    expect(await hashes(path.dirname(outputFolder))).toEqual(before);
  });

  it("refuses to go without a bundle, and writes nothing", async () => {
    const handlersFolder = await buildBundles();
    await rm(path.join(handlersFolder, "query-job"), { recursive: true });
    const parent = await newFolder();
    const outputFolder = path.join(parent, "cdktf.out");
    await expect(
      synthesize({ environment: buildEnvironment(), jobTypes: [buildJobType()], handlersFolder, outputFolder }),
    ).rejects.toThrow(/query-job\/index.mjs is missing; run npm run build/);
    expect(await readdir(parent)).toEqual([]);
  });

  it("leaves nothing in a job type's texts for Terraform to evaluate", () => {
    expect(literal("costs $" + "{price} or 5%{x}")).toBe("costs $$" + "{price} or 5%%{x}");
  });

  it("has in the registry what files a job type takes", () => {
    const file = { description: "A page", maxBytes: 1_000, required: false, contentTypes: ["image/png", "image/jpeg"] };
    const entry = registryEntry(buildJobType({ files: { page: file } }), { queueUrl: "queue", cluster: "jobs", service: "x" });
    expect(JSON.parse(registryItemJson(entry, [])).files).toEqual({
      M: {
        page: {
          M: {
            description: { S: "A page" },
            maxBytes: { N: "1000" },
            required: { BOOL: false },
            contentTypes: { L: [{ S: "image/png" }, { S: "image/jpeg" }] },
          },
        },
      },
    });
  });
});
