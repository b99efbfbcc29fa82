import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

/**
 * What processes count for in a container's limit of memory, in KiB: what is theirs, and once what they share among themselves,
 * but no pages of files, which the kernel drops when it needs the room.
 *
 * @param enoughKiB up to here, what they share may count once for each of them: that is cheaper to find out.
 * @returns undefined where the system does not say.
 */
export async function memoryKiB(pids: readonly number[], enoughKiB: number): Promise<number | undefined> {
  if (process.platform !== "linux") return await residentKiB(pids);
  const atMost = await sum(pids, "status", /^(?:RssAnon|RssShmem|VmSwap):\s*(\d+)/gm);
  if (atMost <= enoughKiB || pids.length === 1) return atMost;
  // The kernel looks at every page for this, and holds the process up meanwhile.
  return await sum(pids, "smaps_rollup", /^(?:Pss_Anon|Pss_Shmem|SwapPss):\s*(\d+)/gm);
}

/** Sums up what a pattern finds in a file of `/proc` of each process. One that has ended counts nothing. */
async function sum(pids: readonly number[], file: string, pattern: RegExp): Promise<number> {
  const texts = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/${file}`, "latin1").catch(() => "")));
  return texts.flatMap((text) => [...text.matchAll(pattern)]).reduce((all, [, kib]) => all + Number(kib), 0);
}

/** With what they share, and pages of files. */
async function residentKiB(pids: readonly number[]): Promise<number | undefined> {
  try {
    const { stdout } = await promisify(execFile)("ps", ["-o", "rss=", "-p", pids.join(",")]);
    return stdout
      .trim()
      .split(/\s+/)
      .reduce((all, kib) => all + Number(kib), 0);
  } catch {
    return undefined;
  }
}

/**
 * The process that the kernel would end first when memory runs out: the largest, unless one asked to go first, as commands do.
 */
export async function firstToEnd(pids: readonly number[]): Promise<number | undefined> {
  const scores = await Promise.all(
    pids.map(async (pid) => {
      const score = await readFile(`/proc/${pid}/oom_score`, "latin1").catch(() => undefined);
      return { pid, score: score === undefined ? ((await residentKiB([pid])) ?? 0) : Number(score) };
    }),
  );
  return scores.sort((a, b) => b.score - a.score)[0]?.pid;
}
