import { spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { createInterface } from "node:readline";

/** How long the commands take that people wait for on their own machine, in seconds. */
export interface LocalSpeed {
  /** `npm run demo` where nothing was built before, to its last line. */
  readonly demo: number;
  /** `npm start` where all was built before, until it takes jobs. */
  readonly start: number;
  /** `npm test` where nothing was built before. */
  readonly test: number;
}

/** What a build leaves: without these, as after `npm ci`. */
const BUILT = ["dist/builds", "dist/safe-patterns"] as const;
/** The last line of what `npm start` says when it is up. */
const READY = /^Every change of a job appears here/;

/** Of a command that failed. */
const SHOWN_LINES = 60;

/** Runs each command once. @throws Error where one fails. */
export async function measureLocalSpeed(): Promise<LocalSpeed> {
  await forgetBuilds();
  const demo = await secondsOf(["run", "demo"], /^All of it happened as it should/);
  const start = await secondsOf(["start"], READY);
  await forgetBuilds();
  const test = await secondsOf(["test"]);
  return { demo, start, test };
}

async function forgetBuilds(): Promise<void> {
  await Promise.all(BUILT.map((folder) => rm(folder, { recursive: true, force: true })));
}

/** @param until the line that is waited for; the command is then asked to stop. @default the command's end */
async function secondsOf(command: readonly string[], until?: RegExp): Promise<number> {
  const begun = performance.now();
  const child = spawn("sh", ["-c", 'exec npm "$@" 2>&1', "sh", ...command], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, PORT: "0" },
    detached: true,
  });
  const ended = once(child, "exit");
  let seconds: number | undefined;
  const last: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    if (last.push(line) > SHOWN_LINES) last.shift();
    if (seconds !== undefined || until?.test(line) !== true) continue;
    seconds = (performance.now() - begun) / 1_000;
    // The whole group, as Ctrl-C does.
    if (child.pid !== undefined) process.kill(-child.pid, "SIGINT");
  }
  const [code] = await ended;
  if (until === undefined && code === 0) return (performance.now() - begun) / 1_000;
  if (seconds === undefined) throw new Error(`npm ${command.join(" ")} ended with ${code}:\n${last.join("\n")}`);
  return seconds;
}
