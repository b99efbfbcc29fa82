import { type BuildOptions, build, type Metafile } from "esbuild";
import type { Made } from "./build-when-changed.ts";

export interface Bundle extends Made {
  readonly metafile: Metafile;
}

/** Bundles with esbuild, and tells what the bundles are made of. */
export async function bundle(options: BuildOptions): Promise<Bundle> {
  const { metafile, warnings } = await build({ ...options, metafile: true });
  return { metafile, inputs: Object.keys(metafile.inputs), warned: warnings.length > 0 };
}

/** What several builds have made, as one. */
export function madeOf(parts: readonly Made[]): Made {
  return { inputs: [...new Set(parts.flatMap(({ inputs }) => inputs))], warned: parts.some(({ warned }) => warned) };
}
