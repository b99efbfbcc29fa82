import { parseArgs } from "node:util";
import { SettingsError } from "@autoscaling-job-queues/domain/errors";
import type { PackagePlatform } from "./image-packages.ts";

export const IMAGE_USAGE = `Builds the container image of a job type with docker, podman or buildah, and prints its name.

Usage: npm run image -- <type> [options]

  --push <repository>   push it, such as 111122223333.dkr.ecr.eu-central-1.amazonaws.com/jobs/document
  --platform <name>     linux/arm64 (default, as the tasks run) or linux/amd64
  --base <image>        Node image to build on (default: that of worker/Dockerfile)
  --help                show this`;

/** Platforms of Fargate, as image builders name them; the base image is Debian, so the C library is glibc. */
const PLATFORMS: Readonly<Record<string, PackagePlatform>> = {
  "linux/arm64": { os: "linux", cpu: "arm64", libc: "glibc" },
  "linux/amd64": { os: "linux", cpu: "x64", libc: "glibc" },
};
const DEFAULT_PLATFORM = "linux/arm64";
/** Registry with an optional port, then a path; no tag, since the content is the tag. */
const REPOSITORY =
  /^(?:[a-z0-9]+(?:[.-][a-z0-9]+)*(?::\d{1,5})?\/)?[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/;

export interface ImageSettings {
  readonly type: string;
  readonly platform: string;
  readonly packagePlatform: PackagePlatform;
  /** The repository to push to. */
  readonly push?: string;
  readonly base?: string;
}

/**
 * Reads the command line of `npm run image`.
 *
 * @returns undefined when help is asked for.
 * @throws SettingsError for the first setting that is wrong.
 */
export function imageSettings(args: readonly string[]): ImageSettings | undefined {
  const { values, positionals } = parsed(args);
  if (values.help) return undefined;
  const { platform = DEFAULT_PLATFORM, push, base } = values;
  const [type, ...more] = positionals;
  if (type === undefined || more.length > 0) {
    throw new SettingsError(
      "the job type",
      positionals.length === 0 ? undefined : positionals.join(" "),
      "one name, a folder of jobs",
    );
  }
  const packagePlatform = PLATFORMS[platform];
  if (packagePlatform === undefined) throw new SettingsError("--platform", platform, Object.keys(PLATFORMS).join(", "));
  if (push !== undefined && !REPOSITORY.test(push)) {
    throw new SettingsError(
      "--push",
      push,
      "a repository in lower case without a tag, such as registry.example.com/jobs/document",
    );
  }
  if (base !== undefined && !/^[^\s-]\S*$/.test(base)) throw new SettingsError("--base", base, "the name of an image");
  return { type, platform, packagePlatform, ...(push === undefined ? {} : { push }), ...(base === undefined ? {} : { base }) };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        push: { type: "string" },
        platform: { type: "string" },
        base: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch {
    throw new SettingsError("the command line", args.join(" "), "<type>, --push <repository>, --platform <name>, --base <image>");
  }
}
