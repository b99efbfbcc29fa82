import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** An empty image registry on this machine: Debian's docker-registry. */
export interface Registry {
  /** Host and port. */
  readonly address: string;
  readonly tags: (repository: string) => Promise<readonly string[]>;
  readonly stop: () => Promise<void>;
}

const LOOK_AGAIN_MS = 50;
const START_MS = 20_000;

export async function startRegistry(environment: NodeJS.ProcessEnv): Promise<Registry> {
  const folder = await mkdtemp(path.join(tmpdir(), "registry-"));
  const address = `127.0.0.1:${await freePort()}`;
  const settings = { version: "0.1", http: { addr: address }, storage: { filesystem: { rootdirectory: folder } } };
  // YAML contains JSON.
  await writeFile(path.join(folder, "config.yml"), JSON.stringify(settings));
  const child = spawn("docker-registry", ["serve", path.join(folder, "config.yml")], { env: environment, stdio: "ignore" });
  for (const deadline = Date.now() + START_MS; ; await delay(LOOK_AGAIN_MS)) {
    if (await answers(address)) break;
    if (Date.now() > deadline || child.exitCode !== null) throw new Error("docker-registry did not start");
  }
  return {
    address,
    tags: async (repository) => {
      const response = await fetch(`http://${address}/v2/${repository}/tags/list`);
      return ((await response.json()) as { readonly tags: readonly string[] }).tags;
    },
    stop: async () => {
      child.kill();
      await once(child, "exit");
      await rm(folder, { recursive: true });
    },
  };
}

async function answers(address: string): Promise<boolean> {
  return await fetch(`http://${address}/v2/`).then(
    ({ ok }) => ok,
    () => false,
  );
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
