import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { isOwnerGone, processOwner } from "@autoscaling-job-queues/domain/process-owner";

interface Owner {
  readonly owner: string;
  readonly pid: number;
}

/**
 * Takes a file for this process: it is there with its whole content, or not at all, so that of two who start at once one gets it. Where its owner
 * died, one of those who see that replaces it, while it has a lock for that; and so on, where that one dies.
 *
 * @returns undefined where it was taken, else the process that has it.
 */
export function takeOwnerLock(file: string): { readonly pid: number } | undefined {
  const own = `${file}.${process.pid}`;
  writeFileSync(own, JSON.stringify({ owner: processOwner(), pid: process.pid } satisfies Owner));
  try {
    return take(file, own);
  } finally {
    rmSync(own, { force: true });
  }
}

function take(file: string, own: string): { readonly pid: number } | undefined {
  for (;;) {
    if (created(file, own)) return undefined;
    const text = textOf(file);
    if (text === undefined) continue;
    const other = ownerIn(text);
    if (other !== undefined && !isOwnerGone(other.owner)) return other;
    const replacing = `${file}.replacing`;
    const busy = take(replacing, own);
    if (busy !== undefined) return busy;
    try {
      // Whoever replaced it before this one is its owner now.
      if (textOf(file) !== text) continue;
      linkSync(own, `${own}.new`);
      renameSync(`${own}.new`, file);
      return undefined;
    } finally {
      rmSync(replacing, { force: true });
    }
  }
}

/** @returns false where it is there already. */
function created(file: string, own: string): boolean {
  try {
    linkSync(own, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

/** Undefined where it was cut off, as by a full disk. */
function ownerIn(text: string): Owner | undefined {
  try {
    return JSON.parse(text) as Owner;
  } catch {
    return undefined;
  }
}
