import { mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { buffer } from "node:stream/consumers";
import { readProcess } from "../../../domain/process-table.ts";
import { storeFiles } from "../../../worker/runners/commands/files.ts";
import { shellRunner } from "../../support/shell-runner.ts";
import { buildRun } from "../../support/worker-run.ts";
import type { Breach } from "./breach.ts";

const QUIET = "> /dev/null 2>&1 < /dev/null";
/** Starts a process in a session of its own, without a parent; the result is its ID. */
const LEAVING = `setsid sh -c 'sleep 600 ${QUIET} & echo $!'`;
const SECRET = "what another job wrote";

/** Runs a command that leaves a process behind, and looks whether it lives on. */
export async function processLeftBehind(): Promise<Breach[]> {
  const outcome = await shellRunner(LEAVING, "/").run(buildRun());
  const pid = Number(outcome.kind === "returned" ? outcome.json : undefined);
  if (!(pid > 1)) return [{ broken: 27, message: `the command ended otherwise: ${JSON.stringify(outcome)}` }];
  if (readProcess(pid)?.isZombie !== false) return [];
  process.kill(pid, "SIGKILL");
  return [{ broken: 27, message: "a process of a command that has ended runs beside the next job" }];
}

/** Stores two files of which the second is swapped for a link while the first is stored. */
export async function swappedFile(): Promise<Breach[]> {
  const folder = await mkdtemp(path.join(tmpdir(), "swapped-file-"));
  const own = path.join(folder, "b");
  const stored: string[] = [];
  try {
    await writeFile(path.join(folder, "a"), "first");
    await writeFile(own, "second");
    const swap = async (): Promise<void> => {
      await rename(own, path.join(folder, "moved"));
      await writeFile(path.join(folder, "secret"), SECRET);
      await symlink(path.join(folder, "secret"), own);
    };
    const run = buildRun({
      putFile: async (name, content, contentType) => {
        if (name === "a") await swap();
        const bytes = await buffer(content as AsyncIterable<Uint8Array>);
        stored.push(bytes.toString());
        return { bucket: "test", key: name, bytes: bytes.length, contentType };
      },
    });
    await storeFiles(run, folder).catch(() => {});
  } finally {
    await rm(folder, { recursive: true });
  }
  const isFollowed = stored.includes(SECRET);
  return isFollowed ? [{ broken: "what is stored of a command are its own files", message: "a link was followed" }] : [];
}
