import { writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { imageSettings as parse } from "../../scripts/image-arguments.ts";
import { buildArguments, buildImage, imageBuilder, isPushed } from "../../scripts/image-builder.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const environment = {
  platform: "linux/arm64",
  repositoryOf: (type: string) => `registry.example.com/jobs/${type}`,
  baseOf: async (type: string) => (type === "python" ? "registry.example.com/node-python:24" : undefined),
};
const imageSettings = (args: readonly string[]) => parse(args, async () => environment);

describe("the command line of npm run image", () => {
  it("builds for the processors that the environment's tasks run on unless told otherwise, and pushes nothing", async () => {
    expect(await imageSettings(["document"])).toEqual({
      type: "document",
      platform: "linux/arm64",
      packagePlatform: { os: "linux", cpu: "arm64", libc: "glibc" },
    });
    expect(await imageSettings(["document", "--platform", "linux/amd64"])).toMatchObject({ packagePlatform: { cpu: "x64" } });
  });

  it.each(["123456789012.dkr.ecr.eu-west-1.amazonaws.com/jobs/word-count", "127.0.0.1:5000/a", "name"])(
    "pushes to %s",
    async (push) => {
      expect(await imageSettings(["document", "--push", push])).toMatchObject({ push });
    },
  );

  it.each([[["document", "--push"]], [["--push", "--platform", "linux/arm64", "document"]], [["document", "--push="]]])(
    "pushes to the job type's repository in the environment: %j",
    async (args) => {
      expect(await imageSettings(args)).toMatchObject({ type: "document", push: "registry.example.com/jobs/document" });
    },
  );

  it("builds on the base of the type's deployment unless told otherwise", async () => {
    expect(await imageSettings(["document"])).not.toHaveProperty("base");
    expect(await imageSettings(["python"])).toMatchObject({ base: "registry.example.com/node-python:24" });
    expect(await imageSettings(["python", "--base", "node:24"])).toMatchObject({ base: "node:24" });
  });

  it("asks no environment for help", async () => {
    const unknown = async () => {
      throw new Error("unknown environment");
    };
    expect(await parse(["--help"], unknown)).toBeUndefined();
  });

  it.each([
    [[], "the job type is missing; allowed: one name, a folder of jobs"],
    [["a", "b"], 'the job type is "a b"; allowed: one name, a folder of jobs'],
    [["a", "--platform", "windows"], '--platform is "windows"; allowed: linux/arm64, linux/amd64'],
    [["a", "--push", "repository:tag"], '--push is "repository:tag"; allowed: a repository in lower case without a tag'],
    [["a", "--push", "Repository"], '--push is "Repository"'],
    [["a", "--base", ""], '--base is ""; allowed: the name of an image'],
    [["a", "--unknown"], 'the command line is "a --unknown"'],
  ])("refuses %j with one sentence", async (args, message) => {
    await expect(imageSettings(args)).rejects.toThrow(message);
  });
});

describe("the program that builds images", () => {
  const working = { program: process.execPath, probe: ["--version"], find: ["--eval"] };

  it("is the first that works, and not only is installed", async () => {
    const absent = { ...working, program: "no-such-program" };
    const stopped = { ...working, probe: ["--eval", "process.exit(1)"] };
    expect(await imageBuilder([absent, stopped, working])).toBe(working);
  });

  it("is asked for when there is none, with what to install", async () => {
    await expect(imageBuilder([{ ...working, program: "no-such-program" }])).rejects.toThrow(
      "none of no-such-program can build images here; start Docker, or install one of them (on Debian and Ubuntu: apt-get install buildah)",
    );
  });

  it("is given the platform, the Dockerfile's arguments and the name", () => {
    const build = { reference: "jobs/a:1", folder: "context", platform: "linux/arm64", variables: { JOB_TYPE: "a" } };
    const args = ["build", "--platform", "linux/arm64", "--build-arg", "JOB_TYPE=a", "--tag", "jobs/a:1", "context"];
    expect(buildArguments(build)).toEqual(args);
  });

  it("makes one manifest of an image, not an index with an attestation, which ECR would count as three images", async () => {
    const program = path.join(await temporaryFolder("builder"), "docker");
    await writeFile(program, '#!/bin/sh\n[ "$BUILDX_NO_DEFAULT_ATTESTATIONS" = 1 ] && [ "$1" = build ]\n', { mode: 0o755 });
    const build = { reference: "jobs/a:1", folder: "context", platform: "linux/arm64", variables: {} };
    await buildImage({ ...working, program }, build);
  });

  it("tells whether the registry has an image", async () => {
    expect(await isPushed(working, "process.exit(0)")).toBe(true);
    expect(await isPushed(working, "process.exit(1)")).toBe(false);
  });
});
