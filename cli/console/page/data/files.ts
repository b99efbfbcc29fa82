import type { Job } from "./types.ts";

/** A file that a job was given or has made. */
export interface JobFile {
  readonly name: string;
  readonly bytes: number;
  readonly contentType: string;
  /** Where it is, for an hour; undefined where the API gave no link. */
  readonly url: string | undefined;
}

/** Links lead to S3, and to nothing that a browser would run. */
export function safeLink(url: unknown): string | undefined {
  return typeof url === "string" && /^https?:\/\//i.test(url) ? url : undefined;
}

export function inputFiles({ files = {} }: Job): readonly JobFile[] {
  return Object.entries(files).map(([name, { bytes, contentType, url }]) => ({ name, bytes, contentType, url: safeLink(url) }));
}

/** The files in a result, wherever in it they are, and those in one that is kept in S3. */
export function resultFiles({ result, resultFiles: large = [] }: Job): readonly JobFile[] {
  const found: JobFile[] = large.map((file) => ({ ...file, name: lastPart(file.key), url: safeLink(file.url) }));
  collect(result, "result", found);
  return found;
}

function collect(value: unknown, name: string, found: JobFile[]): void {
  if (typeof value !== "object" || value === null) return;
  const { bucket, key, bytes, contentType, url } = value as Record<string, unknown>;
  if (typeof bucket === "string" && typeof key === "string" && typeof bytes === "number" && typeof contentType === "string") {
    found.push({ name: lastPart(key) || name, bytes, contentType, url: safeLink(url) });
    return;
  }
  for (const [member, inner] of Object.entries(value)) collect(inner, member, found);
}

function lastPart(key: string): string {
  return key.slice(key.lastIndexOf("/") + 1);
}
