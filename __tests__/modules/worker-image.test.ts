import { writeFile } from "node:fs/promises";
import path from "node:path";
import { NO_DEPLOYMENT } from "@autoscaling-job-queues/domain/deployment-settings";
import { describe, expect, it } from "vitest";
import { synthesize } from "../../modules/synthesize.ts";
import { imagePlatform, imageRepositoryUrl, loadImageTags, tagOnBase } from "../../modules/worker-image.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { buildBundles, buildEnvironment, buildJobType, only, readStack, ref } from "./synthesized.ts";

const x86 = buildEnvironment({ fargate: { architecture: "X86_64" } });

async function variableOf(imageTags: Readonly<Record<string, string>>) {
  const outputFolder = path.join(await temporaryFolder("image"), "cdktf.out");
  const handlersFolder = await buildBundles();
  await synthesize({ environment: buildEnvironment(), jobTypes: [buildJobType()], imageTags, handlersFolder, outputFolder });
  return await readStack(outputFolder, "report");
}

describe("the image of a job type's workers", () => {
  it("is the one whose tag the build found, and whoever plans may name another", async () => {
    const stack = await variableOf({ report: "0123456789abcdef" });
    expect(stack.variable?.image_tag).toMatchObject({ type: "string", default: "0123456789abcdef" });
    expect(JSON.parse(only(stack, "aws_ecs_task_definition").container_definitions)[0].image).toBe(
      `${ref("aws_ecr_repository.image_repository.repository_url")}:${ref("var.image_tag")}`,
    );
  });

  it("must be named where the build found none", async () => {
    expect((await variableOf({ other: "0123456789abcdef" })).variable?.image_tag).not.toHaveProperty("default");
  });

  it("is for the processor of the environment's tasks", async () => {
    const file = path.join(await temporaryFolder("image"), "image-tags.json");
    await writeFile(file, JSON.stringify({ "linux/arm64": { report: "arm" }, "linux/amd64": { report: "x86" } }));
    expect(imagePlatform(buildEnvironment())).toBe("linux/arm64");
    expect(await loadImageTags(file, buildEnvironment())).toEqual({ report: "arm" });
    expect(imagePlatform(x86)).toBe("linux/amd64");
    expect(await loadImageTags(file, x86)).toEqual({ report: "x86" });
  });

  it("has another tag on another base, which synth and the image's build know alike", async () => {
    const file = path.join(await temporaryFolder("image"), "image-tags.json");
    await writeFile(file, JSON.stringify({ "linux/arm64": { report: "0123456789abcdef", other: "0123456789abcdef" } }));
    const report = { ...NO_DEPLOYMENT, container: { baseImage: "registry.example.com/node-python:24" } };
    const tags = await loadImageTags(file, buildEnvironment(), { report });
    expect(tags.other).toBe("0123456789abcdef");
    expect(tags.report).toMatch(/^(?!0123456789abcdef)[0-9a-f]{16}$/);
    expect(tags.report).toBe(tagOnBase("0123456789abcdef", "registry.example.com/node-python:24"));
    expect(tagOnBase("0123456789abcdef", "registry.example.com/node-python:25")).not.toBe(tags.report);
  });

  it("needs a build", async () => {
    await expect(loadImageTags("no/image-tags.json", x86)).rejects.toThrow("no/image-tags.json is missing; run npm run build");
  });

  it("is pushed to the repository that the job type's stack makes", async () => {
    const { name } = only(await variableOf({}), "aws_ecr_repository");
    expect(imageRepositoryUrl(buildEnvironment(), "report")).toBe(`111122223333.dkr.ecr.us-east-1.amazonaws.com/${name}`);
    const china = buildEnvironment({
      region: "cn-north-1",
      network: { kind: "existing", vpcId: "vpc-01234567", subnetIds: ["subnet-01234567", "subnet-01234568"] },
    });
    expect(imageRepositoryUrl(china, "report")).toBe(`111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn/${name}`);
  });
});
