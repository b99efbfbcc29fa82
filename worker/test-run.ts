import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { JobFile } from "@autoscaling-job-queues/domain/job";
import { jobIdPrefix } from "@autoscaling-job-queues/domain/job-id";
import { fileBytes } from "./file-content.ts";
import { checkpointJson } from "./runners/checkpoint-json.ts";
import type { Run } from "./runners/runner.ts";
import type { GivenFile, LogLine, ReportedProgress, StoredFile, TestedJob } from "./testing.ts";

/** What a test gives to an attempt. */
export interface TestRunSettings {
  /** Of the job type. */
  readonly type: string;
  /** JSON text. */
  readonly input: string;
  readonly attempt: number;
  readonly traceparent: string | undefined;
  readonly resumeFrom: unknown;
  readonly files: Readonly<Record<string, GivenFile | undefined>>;
  readonly signal: AbortSignal;
  readonly kill: AbortSignal;
}

/** An attempt whose effects a test looks at. */
export interface TestRun {
  readonly run: Run;
  /** What the attempt has done so far. */
  readonly recorded: Omit<TestedJob, "result">;
  /** Removes what was saved to the disk. */
  end(): Promise<void>;
}

const TEST_ULID = "01J00000000000000000000000";

/** An attempt outside of a worker: what it stores and says stays in memory. */
export async function testRun({ type, attempt, resumeFrom, files: given, ...settings }: TestRunSettings): Promise<TestRun> {
  const files = new Map<string, StoredFile>();
  const progress: ReportedProgress[] = [];
  const checkpoints: unknown[] = [];
  const logs: LogLine[] = [];
  const { end, ...inputs } = await testFiles(given);
  const id = `${jobIdPrefix(type)}${TEST_ULID}`;
  const run: Run = {
    ...settings,
    id,
    type,
    attempt,
    resumeFrom: resumeFrom === undefined ? undefined : checkpointJson(resumeFrom),
    progress: (fraction, message) => void progress.push(message === undefined ? { fraction } : { fraction, message }),
    log: (level, message, details) =>
      void logs.push(details === undefined ? { level, message } : { level, message, details: structuredClone(details) }),
    checkpoint: async (json) => void checkpoints.push(JSON.parse(json)),
    putFile: async (name, content, contentType) => {
      // A copy, because a handler may reuse its buffer once the file is stored.
      const bytes = await allOf(fileBytes(content));
      files.set(name, { bytes, contentType });
      return { bucket: "test", key: `${id}/${attempt}/${name}`, bytes: bytes.byteLength, contentType };
    },
    ...inputs,
  };
  return { run, recorded: { files, progress, checkpoints, logs }, end };
}

/** Bytes that a test's stream gives at a time: few, so that handlers see that a file comes in parts. */
const TEST_READ_BYTES = 1_000;

/** The files that a job is added with, in memory; one whose path is asked for is on the disk until the end. */
async function testFiles(given: Readonly<Record<string, GivenFile | undefined>>) {
  const contents = new Map<string, Uint8Array<ArrayBuffer>>();
  const files: Record<string, JobFile> = {};
  for (const [name, file] of Object.entries(given)) {
    if (file === undefined) continue;
    const bytes = await allOf(fileBytes(file.content));
    contents.set(name, bytes);
    files[name] = { bytes: bytes.byteLength, contentType: file.contentType ?? "application/octet-stream" };
  }
  let folder: string | undefined;
  return {
    files,
    readFile: async (name: string, start: number) => contentOf(name).slice(start, start + TEST_READ_BYTES),
    saveFile: async (name: string) => {
      folder ??= await mkdtemp(path.join(tmpdir(), "test-job-"));
      const file = path.join(folder, name);
      await writeFile(file, contentOf(name));
      return file;
    },
    end: async () => {
      if (folder !== undefined) await rm(folder, { recursive: true });
    },
  };

  function contentOf(name: string): Uint8Array<ArrayBuffer> {
    return contents.get(name) as Uint8Array<ArrayBuffer>;
  }
}

async function allOf(source: Uint8Array | AsyncIterable<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  if (source instanceof Uint8Array) return Uint8Array.from(source);
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(Uint8Array.from(chunk));
  return Uint8Array.from(Buffer.concat(chunks));
}
