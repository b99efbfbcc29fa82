import { execFileSync } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { median } from "./median.ts";

/** What one synthesis took, from the start of its process to its end. */
export interface SynthReading {
  readonly types: number;
  readonly wallMs: number;
  readonly cpuMs: number;
  /** The most that the process had in memory. */
  readonly maxRssBytes: number;
}

/** Syntheses of each size, alternating. */
const ROUNDS = 3;

/** Synthesizes the repository's own job types, as `npm run synth` does once the bundles are built. */
export async function measureOwnSynth(): Promise<Pick<SynthReading, "types" | "wallMs">> {
  return await inFolder(async (folder) => {
    const times = Array.from({ length: ROUNDS }, () => {
      const start = performance.now();
      run(["main.ts"], { CDKTF_OUTDIR: path.join(folder, "cdktf.out") });
      return performance.now() - start;
    });
    const stacks = await readdir(path.join(folder, "cdktf.out", "stacks"));
    // The platform is not a job type.
    return { types: stacks.length - 1, wallMs: median(times) };
  });
}

/** Synthesizes generated job types, each number of them in processes of its own. @returns the medians, by number. */
export async function measureSynth(numbers: readonly number[]): Promise<SynthReading[]> {
  return await inFolder(async (folder) => {
    const rounds = Array.from({ length: ROUNDS }, () =>
      numbers.map((types): SynthReading => {
        const program = path.join(import.meta.dirname, "synth-process.ts");
        return JSON.parse(run([program, String(types), path.join(folder, String(types))]));
      }),
    ).flat();
    return numbers.map((types) => {
      const readings = rounds.filter((reading) => reading.types === types);
      return {
        types,
        wallMs: median(readings.map(({ wallMs }) => wallMs)),
        cpuMs: median(readings.map(({ cpuMs }) => cpuMs)),
        maxRssBytes: Math.max(...readings.map(({ maxRssBytes }) => maxRssBytes)),
      };
    });
  });
}

/**
 * How much more a further job type costs at the end than at the start: the CPU time per type from the second number to the
 * third, beside that from the first to the second. 1 when the time is linear.
 */
export function growth([few, some, many]: readonly SynthReading[]): number {
  if (few === undefined || some === undefined || many === undefined) throw new Error("growth needs three readings");
  const perType = (from: SynthReading, to: SynthReading) => (to.cpuMs - from.cpuMs) / (to.types - from.types);
  return perType(some, many) / perType(few, some);
}

function run(args: readonly string[], variables: NodeJS.ProcessEnv = {}): string {
  return execFileSync(process.execPath, ["--disable-warning=DEP0044", ...args], {
    env: { PATH: process.env.PATH, ...variables },
    encoding: "utf8",
  });
}

async function inFolder<Result>(use: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(path.join(tmpdir(), "bench-synth-"));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
