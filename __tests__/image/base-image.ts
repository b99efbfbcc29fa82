import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
/** What the Dockerfile builds on. */
const BASE = "docker.io/library/node:24-slim";
/** As the official Node images set it. */
const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const FOLDER = path.join(tmpdir(), `autoscaling-job-queues-image-test-${process.version}`);
/** Programs, and the Debian packages that have them. */
const PROGRAMS: Readonly<Record<string, string>> = {
  buildah: "buildah",
  debootstrap: "debootstrap",
  "docker-registry": "docker-registry",
  unshare: "util-linux",
};

/** @throws Error that says what to install, or to be root. */
function checkMachine(): void {
  if (process.getuid?.() !== 0) throw new Error("the image test mounts file systems: run it as root");
  const folders = `${process.env.PATH}:${PATH}`.split(":");
  const missing = Object.keys(PROGRAMS).filter((name) => !folders.some((folder) => existsSync(path.join(folder, name))));
  if (missing.length === 0) return;
  const packages = missing.map((name) => PROGRAMS[name]).join(" ");
  throw new Error(`the image test needs ${missing.join(", ")}: apt-get update && apt-get install -y ${packages}`);
}

/**
 * Makes the base image from Debian's packages and the Node program of this repository, once per machine, so that the test
 * needs no image registry.
 *
 * @returns environment variables that lead buildah to a storage of the test's own.
 */
export async function prepareBaseImage(): Promise<NodeJS.ProcessEnv> {
  checkMachine();
  await mkdir(FOLDER, { recursive: true });
  const files = {
    "storage.conf": `[storage]\ndriver = "vfs"\ngraphroot = "${FOLDER}/graph"\nrunroot = "${FOLDER}/run"\n`,
    "registries.conf": `[[registry]]\nlocation = "127.0.0.1"\ninsecure = true\n`,
  };
  for (const [name, content] of Object.entries(files)) await writeFile(path.join(FOLDER, name), content);
  const environment = {
    ...process.env,
    PATH: `${process.env.PATH}:${PATH}`,
    CONTAINERS_STORAGE_CONF: path.join(FOLDER, "storage.conf"),
    CONTAINERS_REGISTRIES_CONF: path.join(FOLDER, "registries.conf"),
    BUILDAH_ISOLATION: "chroot",
  };
  const buildah = async (...args: string[]): Promise<string> => (await run("buildah", args, { env: environment })).stdout.trim();
  const images = await buildah("images", "--format", "{{.Name}}:{{.Tag}}");
  if (images.split("\n").includes(BASE)) return environment;

  const root = path.join(FOLDER, "root");
  await rm(root, { recursive: true, force: true });
  await run("debootstrap", ["--variant=minbase", "bookworm", root], { env: environment, maxBuffer: 64 * 1_048_576 });
  for (const unused of ["var/cache/apt/archives", "var/lib/apt/lists"]) await rm(path.join(root, unused), { recursive: true });
  await cp(process.execPath, path.join(root, "usr/local/bin/node"), { dereference: true });
  const container = await buildah("from", "scratch");
  await buildah("copy", container, root, "/");
  await buildah("config", "--env", `PATH=${PATH}`, container);
  await buildah("commit", "--rm", container, BASE);
  await rm(root, { recursive: true });
  return environment;
}
