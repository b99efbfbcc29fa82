import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import type { LinkedJob } from "../api-client.ts";

/** How files of a content type begin. */
const MAGIC: Readonly<Record<string, string>> = {
  "application/pdf": "%PDF",
  "application/vnd.apache.parquet": "PAR1",
  "application/x-parquet": "PAR1",
  "image/png": "\u0089PNG",
};
const MAGIC_BY_EXTENSION: Readonly<Record<string, string>> = { ".pdf": "%PDF", ".parquet": "PAR1", ".png": "\u0089PNG" };

/** A file that a job produced, as it stands in its result with the API's link. */
export interface ProducedFile {
  readonly name: string;
  readonly url: string;
  readonly bytes: number;
  readonly contentType: string;
}

export interface Download {
  readonly type: string;
  readonly file: string;
  readonly bytes: number;
  /** What is wrong with it; undefined when nothing is. */
  readonly problem: string | undefined;
}

/** Every file in a job's result that has a link, and the result itself where it is in S3. */
export function producedFiles(job: LinkedJob): ProducedFile[] {
  const result =
    job.resultUrl === undefined || job.resultLocation === undefined
      ? []
      : [{ name: "result.json", url: job.resultUrl, bytes: job.resultLocation.bytes, contentType: "application/json" }];
  return [...result, ...linkedFiles([job.result, job.resultFiles])];
}

function linkedFiles(value: unknown): ProducedFile[] {
  if (typeof value !== "object" || value === null) return [];
  const { url, key, bytes, contentType } = value as Readonly<Record<string, unknown>>;
  if (typeof url === "string" && typeof key === "string" && typeof bytes === "number" && typeof contentType === "string") {
    return [{ name: path.posix.basename(key), url, bytes, contentType }];
  }
  return Object.values(value).flatMap(linkedFiles);
}

/** What is wrong with the content of a file; undefined when nothing is. */
export function fileProblem({ name, bytes, contentType }: ProducedFile, content: Buffer): string | undefined {
  if (content.length !== bytes) return `has ${content.length} bytes, not ${bytes}`;
  const magic = MAGIC[contentType] ?? MAGIC_BY_EXTENSION[path.extname(name)];
  if (magic !== undefined && content.subarray(0, magic.length).toString("latin1") !== magic) return `is not ${contentType}`;
  return undefined;
}

/** Downloads what a job produced, by the links of the API, to `<folder>/<type>/`. */
export async function downloadFiles(job: LinkedJob, folder: string): Promise<Download[]> {
  await mkdir(path.join(folder, job.type), { recursive: true });
  return await Promise.all(
    producedFiles(job).map(async (produced) => {
      const file = path.join(folder, job.type, `${job.id}-${produced.name}`);
      const response = await fetch(produced.url);
      const content = Buffer.from(await response.arrayBuffer());
      await writeFile(file, content);
      const problem = response.ok ? fileProblem(produced, content) : `could not be downloaded: HTTP ${response.status}`;
      return { type: job.type, file, bytes: content.length, problem };
    }),
  );
}
