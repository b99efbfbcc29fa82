import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { JobQueueError } from "@autoscaling-job-queues/domain/errors";
import { tableInput } from "./aws/tables.ts";
import { takeOwnerLock } from "./owner-lock.ts";

/** Raised when something is kept in another way. */
const FORMAT = 1;
const OWNER_FILE = "in-use-by.json";
const FORMAT_FILE = "format.json";

/** A folder with the state of the platform, which is this process's until it is closed. */
export interface KeptState {
  readonly folder: string;
  close(): void;
}

/**
 * Takes the folder that the platform keeps its state in, and makes it where there is none.
 *
 * @throws JobQueueError "KeptStateInUse" while another process has it, "KeptStateFormat" where another version wrote it.
 */
export function openKeptState(folder: string): KeptState {
  mkdirSync(folder, { recursive: true });
  const lock = path.join(folder, OWNER_FILE);
  const other = takeOwnerLock(lock);
  if (other !== undefined) {
    throw new JobQueueError(
      "KeptStateInUse",
      `process ${other.pid} keeps its state in ${folder}; stop it, or name another folder: --keep=<folder>`,
    );
  }
  try {
    checkFormat(folder);
  } catch (error) {
    rmSync(lock, { force: true });
    throw error;
  }
  return { folder, close: () => rmSync(lock, { force: true }) };
}

function checkFormat(folder: string): void {
  const file = path.join(folder, FORMAT_FILE);
  const now = keptFormat();
  const before = readJson<{ readonly format: string }>(file)?.format;
  if (before === undefined) writeFileSync(file, JSON.stringify({ format: now }));
  else if (before !== now) {
    throw new JobQueueError(
      "KeptStateFormat",
      `${folder} was written by another version of the platform (${before}; this one is ${now}) and cannot be read; ` +
        "remove it, or name another folder: --keep=<folder>",
    );
  }
}

/** Of what is kept: its own version, those of the emulators, and the tables. */
function keptFormat(): string {
  const { devDependencies } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
    readonly devDependencies: Readonly<Record<string, string>>;
  };
  const tables = JSON.stringify([tableInput("jobs"), tableInput("jobTypes")]);
  const hash = createHash("sha256").update(tables).digest("hex").slice(0, 8);
  return `${FORMAT}, dynalite ${devDependencies.dynalite}, fauxqs ${devDependencies.fauxqs}, tables ${hash}`;
}

/** Undefined where there is none, or one that was cut off. */
function readJson<Content>(file: string): Content | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Content;
  } catch {
    return undefined;
  }
}
