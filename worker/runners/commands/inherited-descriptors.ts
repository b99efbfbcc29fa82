import { closeSync, readdirSync, readFileSync } from "node:fs";

const STANDARD_ERROR = 2;
/** `O_CLOEXEC` in `flags` of proc_pid_fdinfo(5): the descriptor closes in the programs that this one starts. */
const CLOSE_ON_EXEC = 0o2_000_000;

/**
 * Closes what the parent of this process left open in it: commands would inherit it. Node opens nothing that way, but keeps what
 * it finds beyond the first few.
 */
export function closeInheritedDescriptors(): void {
  for (const descriptor of listed().filter((number) => number > STANDARD_ERROR)) {
    try {
      const flags = /^flags:\s*(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, "latin1"))?.[1];
      if (flags !== undefined && (Number.parseInt(flags, 8) & CLOSE_ON_EXEC) === 0) closeSync(descriptor);
    } catch {
      // It was that of the list itself, or has been closed.
    }
  }
}

/** None where the system has no `/proc`. */
function listed(): number[] {
  try {
    return readdirSync("/proc/self/fd").map(Number);
  } catch {
    return [];
  }
}
