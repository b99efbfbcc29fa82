import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it, vi } from "vitest";
import { commandFolderPrefix } from "../../../domain/command-mark.ts";
import { ownerOf } from "../../../domain/process-owner.ts";
import { type ProcessEntry, readProcess } from "../../../domain/process-table.ts";
import { endDescendants } from "../../../local/aws/descendants.ts";
import { isRunning, startBystander } from "../../support/processes.ts";

/** A worker with a child that has started another, and lines with the IDs of both. */
async function worker() {
  const child = spawn("sh", ["-c", "setsid sh -c 'sleep 600 & echo $$ $!; wait' & wait"], { detached: true });
  const [line] = await once(child.stdout, "data");
  const entry = readProcess(child.pid as number) as ProcessEntry;
  return { child, entry, children: String(line).trim().split(" ").map(Number) };
}

const gone = (pids: readonly number[]) => vi.waitFor(() => expect(pids.filter(isRunning)).toEqual([]), 45_000);

describe("what a worker started", () => {
  it("ends, without the worker itself and without others of the same user", async () => {
    const { child, entry, children } = await worker();
    const folder = (owner: ProcessEntry) => ({ JOB_FILES: `/tmp/${commandFolderPrefix(ownerOf(owner))}abcdef/files` });
    // A daemon of one of its commands, and one of another worker's.
    const daemon = startBystander(folder(entry));
    const others = [startBystander(folder({ ...entry, startedAt: 1 })), startBystander()];
    // The worker goes on, though it waits for a child that has ended.
    child.kill("SIGSTOP");
    endDescendants(entry);
    await gone([...children, daemon]);
    expect([entry.pid, ...others].filter(isRunning)).toEqual([entry.pid, ...others]);
    child.kill("SIGKILL");
  });

  it("ends after it, as far as it bears the worker's mark", async () => {
    const { child, entry, children } = await worker();
    const daemon = startBystander({ JOB_FILES: `/tmp/${commandFolderPrefix(ownerOf(entry))}abcdef/files` });
    child.kill("SIGKILL");
    await once(child, "exit");
    endDescendants(entry);
    await gone([daemon]);
    // Those that lost their parent, and bear no mark, may be anybody's.
    expect(children.filter(isRunning)).toEqual(children);
    for (const pid of children) process.kill(pid, "SIGKILL");
  });
});
