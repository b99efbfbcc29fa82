import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

const run = promisify(execFile);

/** An image's configuration, as the OCI image specification names it. */
export interface ImageConfiguration {
  readonly User: string;
  readonly WorkingDir: string;
  readonly Entrypoint: readonly string[];
  readonly Env: readonly string[];
  readonly Volumes: Readonly<Record<string, object>>;
  readonly StopSignal: string;
  readonly Labels: Readonly<Record<string, string>>;
}

/** A container as far as this needs one: the image's files, mounted. */
export interface MountedImage {
  readonly configuration: ImageConfiguration;
  /** Starts the entry point, or another command, as ECS does; see {@link ENTER}. */
  readonly start: (variables: NodeJS.ProcessEnv, command?: readonly string[]) => ImageProcess;
  readonly remove: () => Promise<void>;
}

export interface ImageProcess {
  /** Waits for a line of the output that contains the text. @throws Error with all lines, when the program ends before. */
  readonly line: (part: string) => Promise<string>;
  /** Sends a signal to the container's first process. */
  readonly kill: (signal: NodeJS.Signals) => Promise<void>;
  readonly ended: Promise<{ readonly code: number | null; readonly lines: readonly string[] }>;
}

/**
 * Runs as the first process of a PID namespace and a mount namespace of its own: makes the root file system read-only,
 * mounts the volumes as Fargate does when the image declares them, and becomes the program, as the image's user.
 */
const ENTER = `set -eu
root=$1 user=$2 directory=$3 volumes=$4; shift 4
mount --bind "$root" "$root"
mount -o remount,bind,ro "$root"
for volume in $volumes; do mount -t tmpfs -o mode="$(stat -c %a "$root$volume")" tmpfs "$root$volume"; done
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
exec chroot --userspec="$user" "$root" /bin/sh -c 'cd "$0" && exec "$@"' "$directory" "$@"`;

export async function mountImage(image: string, environment: NodeJS.ProcessEnv): Promise<MountedImage> {
  const buildah = async (...args: string[]): Promise<string> =>
    (await run("buildah", args, { env: environment, maxBuffer: 16 * 1_048_576 })).stdout.trim();
  const { OCIv1 } = JSON.parse(await buildah("inspect", "--type", "image", image)) as { OCIv1: { config: ImageConfiguration } };
  const configuration = OCIv1.config;
  const container = await buildah("from", image);
  const root = await buildah("mount", container);
  const { User, WorkingDir, Entrypoint, Env, Volumes = {} } = configuration;
  const children: ChildProcess[] = [];
  return {
    configuration,
    start: (variables, command = Entrypoint) => {
      const enter = ["-c", ENTER, "enter", root, User, WorkingDir, Object.keys(Volumes).join(" "), ...command];
      const child = spawn("unshare", ["--mount", "--pid", "--fork", "--kill-child", "sh", ...enter], {
        env: { ...Object.fromEntries(Env.map((entry) => entry.split(/=(.*)/s, 2))), ...variables },
        stdio: ["ignore", "pipe", "pipe"],
      });
      children.push(child);
      return imageProcess(child);
    },
    remove: async () => {
      // With SIGTERM, unshare would wait for the program; `--kill-child` ends that too.
      for (const child of children) child.kill("SIGKILL");
      await buildah("rm", container);
    },
  };
}

function imageProcess(child: ChildProcess): ImageProcess {
  const lines: string[] = [];
  const waiting: { part: string; found: (line: string) => void }[] = [];
  for (const output of [child.stdout, child.stderr]) {
    createInterface({ input: output as NodeJS.ReadableStream }).on("line", (line) => {
      lines.push(line);
      for (const { part, found } of waiting) if (line.includes(part)) found(line);
    });
  }
  const ended = once(child, "close").then(([code]) => ({ code: code as number | null, lines }));
  return {
    ended,
    line: async (part) => {
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      waiting.push({ part, found: resolve });
      const there = lines.find((line) => line.includes(part));
      if (there !== undefined) resolve(there);
      void ended.then(() => reject(new Error(`ended without a line with ${JSON.stringify(part)}:\n${lines.join("\n")}`)));
      return await promise;
    },
    kill: async (signal) => {
      const first = await readFile(`/proc/${child.pid}/task/${child.pid}/children`, "utf8");
      process.kill(Number(first.trim()), signal);
    },
  };
}
