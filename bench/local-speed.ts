import { spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { createInterface } from "node:readline";

/** What a build leaves: without these, as after `npm ci`. */
const BUILT = ["dist/builds", "dist/safe-patterns"] as const;
/** The last line of what `npm start` says when it is up. */
const READY = /^Every change of a job appears here/;

/** Of a command that failed. */
const SHOWN_LINES = 60;

/** Seconds of `npm run demo` where nothing was built before, to its last line. @throws Error where it fails, as the others do. */
export async function demoSeconds(): Promise<number> {
  await forgetBuilds();
  return await secondsOf(["run", "demo"], /^All of it happened as it should/);
}

/** Seconds of `npm start` where all was built before, until it takes jobs. */
export async function startSeconds(): Promise<number> {
  return await secondsOf(["start"], READY);
}

/** Seconds of `npm test` where nothing was built before. */
export async function testSeconds(): Promise<number> {
  await forgetBuilds();
  return await secondsOf(["test"]);
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
