import { realpathSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { findJobFolders } from "@autoscaling-job-queues/domain/find-job-folders";
import { watch } from "chokidar";
import type { Platform } from "../platform-types.ts";
import { counted } from "../text-table.ts";
import { rebuildWorker } from "./rebuild-worker.ts";
import { sourceChange, type WatchedType } from "./source-change.ts";

export interface WatchTypesSettings {
  readonly platform: Pick<Platform, "jobTypes" | "inspectors" | "workerBundle" | "nextBundle" | "replaceWorkers">;
  /** Folders of the job types' own folders. */
  readonly roots: readonly string[];
  /** What `npm run build` made, with the list of what it was made of. */
  readonly built: string;
  /** Told in one sentence what was built anew, and what was not, and why. */
  readonly report: (line: string) => void;
}

export interface TypeWatch {
  stop(): Promise<void>;
}

/** Saves of several files, and the steps of an editor that writes a file by renaming another, are one change within so many milliseconds. */
const SETTLED_MS = 150;
/** The folders of the platform's own code that job types are made of too. */
const OWN = ["domain", "worker"];
const NOT_WATCHED = /(^|[\\/])(node_modules|[.]git)([\\/]|$)/;

/**
 * Watches the sources of the job types that run: builds one that changes anew, and replaces its workers. What cannot be built is told, and
 * the workers go on as they are. What is read at the start only is told too.
 */
export async function watchTypes({ platform, roots, built, report }: WatchTypesSettings): Promise<TypeWatch> {
  const stopping = new AbortController();
  const types = await watchedTypes(platform, roots, built);
  const pending = new Set<string>();
  const told = new Set<string>();
  let building = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;

  const changed = (given: string): void => {
    const change = sourceChange(followed(path.resolve(given)), {
      types: [...types.values()],
      roots: roots.map(followed),
      own: OWN.map(followed),
    });
    if (change.kind === "rebuild") for (const name of change.types) pending.add(name);
    if (change.kind === "restart" && !told.has(change.what)) {
      told.add(change.what);
      report(`${change.what}: it takes effect when npm start is started again`);
    }
    clearTimeout(timer);
    // One build after the other: a file that changes during one leads to another.
    timer = setTimeout(() => {
      building = building.then(buildPending);
    }, SETTLED_MS);
  };
  const buildPending = async (): Promise<void> => {
    for (const name of pending) {
      pending.delete(name);
      const type = types.get(name);
      if (type !== undefined && !stopping.signal.aborted) types.set(name, await rebuild(type));
    }
  };
  const rebuild = async (type: WatchedType): Promise<WatchedType> => {
    const { name, folder } = type;
    const began = performance.now();
    const bundle = platform.nextBundle(name);
    const runtime = platform.workerBundle(name).directory;
    const result = await rebuildWorker(
      { folder, runtime, outdir: bundle.directory, isDebugged: platform.inspectors.has(name) },
      stopping.signal,
    );
    if (stopping.signal.aborted) return type;
    if (result.error !== undefined) {
      report(`${name} is not built, and its workers go on as they are: ${result.error}`);
      return { ...type, isBroken: true };
    }
    if (result.warning !== "") report(result.warning);
    const inputs = new Set(result.inputs.map((file) => followed(path.resolve(file))));
    watcher.add([...inputs].filter((file) => !isWithin(file)));
    try {
      const { workers, settings, later } = await platform.replaceWorkers(name, bundle);
      const seconds = ((performance.now() - began) / 1_000).toFixed(1);
      const parts = [
        `${name} is built anew in ${seconds} s`,
        ...(workers > 0 ? [`${counted(workers, "worker")} replaced`] : []),
        ...(settings.length > 0 ? [`settings registered: ${settings.join(", ")}`] : []),
        ...(later.length > 0 ? [`${later.join(", ")} when npm start is started again`] : []),
      ];
      report(parts.join("; "));
    } catch (error) {
      report(`${name} is built, and its workers go on as they are: ${(error as Error).message}`);
    }
    return { ...type, inputs, isBroken: false };
  };
  const isWithin = (file: string): boolean => roots.some((root) => file.startsWith(followed(root) + path.sep));

  const outside = [...types.values()].flatMap(({ inputs }) => [...inputs]).filter((file) => !isWithin(file));
  const watcher = watch([...roots, ...new Set(outside)], {
    ignored: (file) => roots.some((root) => NOT_WATCHED.test(path.relative(root, file))),
    ignoreInitial: true,
  });
  watcher.on("all", (_, file) => changed(file));
  watcher.on("error", (error) => report(`changes of the sources may be missed: ${(error as Error).message}`));
  await new Promise<void>((resolve) => watcher.once("ready", resolve));
  return {
    stop: async () => {
      stopping.abort();
      clearTimeout(timer);
      await watcher.close();
      await building;
    },
  };
}

async function watchedTypes(
  { jobTypes }: Pick<Platform, "jobTypes">,
  roots: readonly string[],
  built: string,
): Promise<Map<string, WatchedType>> {
  const running = new Set(jobTypes.map(({ name }) => name));
  const inputs = JSON.parse(await readFile(path.join(built, "worker-inputs.json"), "utf8")) as Record<string, readonly string[]>;
  const folders = (await findJobFolders(roots)).filter(({ name }) => running.has(name));
  return new Map(
    folders.map(({ name, path: folder }) => {
      const files = new Set((inputs[name] ?? []).map((file) => followed(path.resolve(file))));
      return [name, { name, folder: followed(path.resolve(folder)), inputs: files, isBroken: false }];
    }),
  );
}

/** A path past links, of a file that may be gone. */
function followed(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    const folder = path.dirname(file);
    return folder === file ? file : path.join(followed(folder), path.basename(file));
  }
}
