import { JobQueueError } from "@autoscaling-job-queues/domain/errors";
import { runProgram, succeeds } from "./run-program.ts";

/** A program that builds images. All of them take the same arguments to build and to push. */
export interface ImageBuilder {
  readonly program: string;
  /** Ends with exit code 0 when the program can build: docker also needs its daemon. */
  readonly probe: readonly string[];
  /** Ends with exit code 0 when the registry has the image whose name follows. Only docker can tell without getting it. */
  readonly find: readonly string[];
}

export const IMAGE_BUILDERS: readonly ImageBuilder[] = [
  { program: "docker", probe: ["version"], find: ["manifest", "inspect"] },
  { program: "podman", probe: ["version"], find: ["pull", "--quiet"] },
  { program: "buildah", probe: ["version"], find: ["pull", "--quiet"] },
];

/**
 * The first builder that works here.
 *
 * @throws JobQueueError "MissingImageBuilder" when none works.
 */
export async function imageBuilder(builders: readonly ImageBuilder[] = IMAGE_BUILDERS): Promise<ImageBuilder> {
  for (const builder of builders) if (await succeeds(builder.program, builder.probe)) return builder;
  throw new JobQueueError(
    "MissingImageBuilder",
    `none of ${builders.map(({ program }) => program).join(", ")} can build images here; start Docker, or install one of them ` +
      "(on Debian and Ubuntu: apt-get install buildah)",
  );
}

export interface ImageBuild {
  readonly reference: string;
  readonly folder: string;
  readonly platform: string;
  /** Values of the Dockerfile's arguments. */
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * Docker would add an attestation and an index, where it can: three images to ECR, whose lifecycle policy keeps so many (AWS's containers
 * roadmap, issue 2613). The others know no such variable.
 */
const ONE_MANIFEST = { BUILDX_NO_DEFAULT_ATTESTATIONS: "1" };

/** @throws JobQueueError "ProgramFailed" when the builder does not end with exit code 0. */
export async function buildImage({ program }: ImageBuilder, build: ImageBuild): Promise<void> {
  await runProgram(program, buildArguments(build), { variables: ONE_MANIFEST });
}

/** The arguments that build an image. */
export function buildArguments({ reference, folder, platform, variables }: ImageBuild): string[] {
  const values = Object.entries(variables).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]);
  return ["build", "--platform", platform, ...values, "--tag", reference, folder];
}

/** Whether the registry has an image. */
export async function isPushed({ program, find }: ImageBuilder, reference: string): Promise<boolean> {
  return await succeeds(program, [...find, reference]);
}
