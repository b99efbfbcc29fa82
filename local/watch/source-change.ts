import path from "node:path";

/** A job type that is watched. */
export interface WatchedType {
  readonly name: string;
  /** Absolute, past links. */
  readonly folder: string;
  /** The files that its bundle is made of: absolute, past links. */
  readonly inputs: ReadonlySet<string>;
  /** Its last build failed: any file may mend that. */
  readonly isBroken: boolean;
}

/** What a changed file means. */
export type SourceChange =
  | { readonly kind: "rebuild"; readonly types: readonly string[] }
  /** It takes effect at the next start. */
  | { readonly kind: "restart"; readonly what: string }
  | { readonly kind: "none" };

/** What the platform reads when it starts, and not the build of a type. */
const READ_AT_START = new Set(["deployment.ts", ".env.local"]);
/** What a build reads that esbuild does not. */
const READ_BY_BUILD = new Set(["job-type.ts", "job.ts", "package.json"]);
const TEST = /[.](?:limits-)?test[.]ts$/;

/**
 * Decides what a file that has changed, come or gone means.
 *
 * @param file absolute, past links.
 * @param roots the folders of job types' folders.
 * @param own the folders of the platform's own code.
 */
export function sourceChange(
  file: string,
  {
    types,
    roots,
    own,
  }: { readonly types: readonly WatchedType[]; readonly roots: readonly string[]; readonly own: readonly string[] },
): SourceChange {
  const within = types.find(({ folder }) => isIn(folder, file));
  if (within !== undefined) {
    const name = path.relative(within.folder, file);
    if (READ_AT_START.has(name)) return { kind: "restart", what: `${name} of ${within.name}` };
    const isRead = READ_BY_BUILD.has(name) || name.startsWith(`bin${path.sep}`) || within.inputs.has(file);
    if (isRead || (within.isBroken && !TEST.test(name))) return { kind: "rebuild", types: [within.name] };
    return { kind: "none" };
  }
  const made = types.filter(({ inputs }) => inputs.has(file)).map(({ name }) => name);
  if (made.length > 0) {
    return own.some((folder) => isIn(folder, file))
      ? { kind: "restart", what: `${path.relative(process.cwd(), file)}, the platform's own` }
      : { kind: "rebuild", types: made };
  }
  const isNewType = path.basename(file) === "job-type.ts" && roots.includes(path.dirname(path.dirname(file)));
  return isNewType ? { kind: "restart", what: `the new job type ${path.basename(path.dirname(file))}` } : { kind: "none" };
}

function isIn(folder: string, file: string): boolean {
  return file.startsWith(folder + path.sep);
}
