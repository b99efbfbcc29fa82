import { hash, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { jobsFolders } from "@autoscaling-job-queues/domain/find-job-folders";
import { type Digests, fileDigests, outputDigests, sourceDigests } from "./tree-digest.ts";

/** What a build has made. */
export interface Made {
  /** Files that it read; those of the checkout's source folders count anyway. */
  readonly inputs: readonly string[];
  /** Whether it warned of something, which the next build is to say again. */
  readonly warned: boolean;
}

export interface Build {
  /** Of its record. */
  readonly name: string;
  /** Files and folders that it makes. */
  readonly outputs: readonly string[];
  readonly make: () => Promise<Made>;
}

/** What a build was made of, and what it made. */
interface BuildRecord {
  /** Digest of the sources and of the settings. */
  readonly key: string;
  readonly inputs: Digests;
  readonly outputs: Digests;
}

const RECORDS = "dist/builds";
/** What bundles, checks and tags are made of, beside job types' folders; what schemas are made with is run, not bundled. */
const SOURCES = ["domain", "handlers", "worker", "client", "cli", "modules", "environments", "scaling"] as const;
/** Read from a folder and from each above it: npm's lists of what is installed, and the settings of esbuild and Node. */
const SETTINGS = ["package.json", "package-lock.json", "node_modules/.package-lock.json", "tsconfig.json"] as const;
/** Tools, of which a bundle does not tell that it was made with them. */
const TOOLS = ["esbuild", "vite", "rolldown", "recheck", "zod"].map((name) => `node_modules/${name}/package.json`);
/** Variables that a build, or a `job-type.ts` that it loads, may read. */
const VARIABLES = /^(JOBS?_|NODE_ENV$|NODE_OPTIONS$|VITE_)/;

/**
 * Builds, unless the last build was made of the same: sources, packages, tools, Node, settings; and what it made is still as it was. All of
 * it counts by content. A build that was interrupted, that another one ran beside, or that warned is made anew.
 *
 * @returns whether it was built.
 */
export async function buildWhenChanged({ name, outputs, make }: Build): Promise<boolean> {
  const [file, marker] = [path.join(RECORDS, `${name}.json`), path.join(RECORDS, `${name}.building`)];
  const key = sourcesKey();
  if (!existsSync(marker) && isCurrent(readRecord(file), key, outputs)) return false;
  rmSync(file, { force: true });
  const begun = begin(marker);
  const { inputs, warned } = await make();
  const alone = isAlone(marker, begun);
  rmSync(marker, { force: true });
  if (alone && !warned) {
    const record: BuildRecord = { key, inputs: fileDigests(inputs), outputs: digestsOf(outputs) };
    writeFileSync(`${file}.new`, JSON.stringify(record));
    renameSync(`${file}.new`, file);
  }
  return true;
}

/** Digest of all that a build may read and does not name, and of what it depends on otherwise. */
function sourcesKey(): string {
  const folders = [...SOURCES, ...jobsFolders(), import.meta.dirname];
  const settings = new Set([process.cwd(), ...jobsFolders().flatMap(withEntries)].flatMap(withAbove));
  const variables = Object.entries(process.env).filter(([variable]) => VARIABLES.test(variable));
  const content = [
    [process.version, process.platform, process.arch],
    variables.sort(),
    fileDigests(TOOLS),
    fileDigests([...settings].flatMap((folder) => SETTINGS.map((setting) => path.join(folder, setting)))),
    folders.map(sourceDigests),
  ];
  return hash("sha256", JSON.stringify(content));
}

/** Where a folder of job types' folders is, and where each of those is, past links. */
function withEntries(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder).map((name) => path.join(folder, name));
  return [folder, ...entries.filter(existsSync)].map((entry) => realpathSync(entry));
}

/** A folder and all above it. */
function withAbove(folder: string): string[] {
  const parent = path.dirname(folder);
  return parent === folder ? [folder] : [folder, ...withAbove(parent)];
}

function isCurrent(record: BuildRecord | undefined, key: string, outputs: readonly string[]): boolean {
  return (
    record?.key === key &&
    isDeepStrictEqual(fileDigests(Object.keys(record.inputs)), record.inputs) &&
    isDeepStrictEqual(digestsOf(outputs), record.outputs)
  );
}

function digestsOf(outputs: readonly string[]): Digests {
  return Object.assign({}, fileDigests(outputs), ...outputs.map(outputDigests));
}

function readRecord(file: string): BuildRecord | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as BuildRecord;
  } catch {
    return undefined;
  }
}

interface Begun {
  readonly id: string;
  /** Nobody else had begun, and been interrupted or still at it. */
  readonly first: boolean;
}

/** Says that a build is under way, so that what it leaves half done is not taken for a build. */
function begin(marker: string): Begun {
  mkdirSync(RECORDS, { recursive: true });
  const id = randomUUID();
  try {
    writeFileSync(marker, id, { flag: "wx" });
    return { id, first: true };
  } catch {
    writeFileSync(marker, id);
    return { id, first: false };
  }
}

/** Whether no other build ran at the same time, which may have written to the same files. */
function isAlone(marker: string, { id, first }: Begun): boolean {
  return first && existsSync(marker) && readFileSync(marker, "utf8") === id;
}
