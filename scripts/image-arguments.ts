import { parseArgs } from "node:util";
import { SettingsError } from "@autoscaling-job-queues/domain/errors";
import type { PackagePlatform } from "./image-packages.ts";
import { IMAGE_PLATFORMS } from "./image-sources.ts";

export const IMAGE_USAGE = `Builds the container image of a job type with docker, podman or buildah, and prints its name.

Usage: npm run image -- <type> [options]

  --push                push it to the job type's repository in the environment (JOBS_ENVIRONMENT, default dev)
  --push <repository>   push it elsewhere, such as registry.example.com/jobs/document
  --platform <name>     linux/arm64 or linux/amd64 (default: that of the environment's tasks)
  --base <image>        Node image to build on (default: that of the type's deployment.ts, or of worker/Dockerfile); gives another
                        tag than synth expects
  --help                show this`;

/** Registry with an optional port, then a path; no tag, since the content is the tag. */
const REPOSITORY =
  /^(?:[a-z0-9]+(?:[.-][a-z0-9]+)*(?::\d{1,5})?\/)?[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/;

/** What the environment says about images. */
export interface ImageDefaults {
  readonly platform: string;
  readonly repositoryOf: (type: string) => string;
  /** The base image of a type; undefined for that of the Dockerfile. */
  readonly baseOf: (type: string) => Promise<string | undefined>;
}

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
 * @param environment is asked for what the command line leaves out.
 * @returns undefined when help is asked for.
 * @throws SettingsError for the first setting that is wrong.
 */
export async function imageSettings(
  args: readonly string[],
  environment: () => Promise<ImageDefaults>,
): Promise<ImageSettings | undefined> {
  const { values, positionals } = parsed(args);
  if (values.help) return undefined;
  const defaults = await environment();
  const { platform = defaults.platform } = values;
  const [type, ...more] = positionals;
  if (type === undefined || more.length > 0) {
    throw new SettingsError(
      "the job type",
      positionals.length === 0 ? undefined : positionals.join(" "),
      "one name, a folder of jobs",
    );
  }
  const packagePlatform = IMAGE_PLATFORMS[platform];
  if (packagePlatform === undefined) throw new SettingsError("--platform", platform, Object.keys(IMAGE_PLATFORMS).join(", "));
  const push = values.push === "" ? defaults.repositoryOf(type) : values.push;
  if (push !== undefined && !REPOSITORY.test(push)) {
    throw new SettingsError(
      "--push",
      push,
      "a repository in lower case without a tag, such as registry.example.com/jobs/document",
    );
  }
  const base = values.base ?? (await defaults.baseOf(type));
  if (base !== undefined && !/^[^\s-]\S*$/.test(base)) throw new SettingsError("--base", base, "the name of an image");
  return { type, platform, packagePlatform, ...(push === undefined ? {} : { push }), ...(base === undefined ? {} : { base }) };
}

/** Whether the argument after an option is its value. */
function hasValue(args: readonly string[], index: number): boolean {
  const next = args[index + 1];
  return next !== undefined && !next.startsWith("-");
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: args.map((arg, index) => (arg === "--push" && !hasValue(args, index) ? "--push=" : arg)),
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
