import { open, readdir } from "node:fs/promises";
import path from "node:path";
import type { MetricName } from "./metric-store.ts";

/** Is told what a line puts into a metric, at its time in epoch milliseconds. */
export type PutMetric = (metric: MetricName, values: readonly number[], at: number) => void;

/** Bytes that are read at a time; a longer line is passed over. */
const CHUNK_BYTES = 1_048_576;
const NEWLINE = 10;
/** What every line of the format has, and few others. */
const MARK = '"_aws"';

/**
 * Reads the metrics that programs write into their logs, as CloudWatch Logs does: lines of the embedded metric format. Each look takes up
 * what has been written since the one before.
 */
export class EmbeddedMetrics {
  readonly #folder: string;
  readonly #put: PutMetric;
  /** How far each file has been read. */
  readonly #offsets = new Map<string, number>();
  #looking: Promise<void> = Promise.resolve();

  /** @param folder of the logs, files `*.log`. */
  constructor(folder: string, put: PutMetric) {
    this.#folder = folder;
    this.#put = put;
  }

  /** Looks once more; looks are made one after the other. */
  async look(): Promise<void> {
    const before = this.#looking;
    this.#looking = before.catch(() => undefined).then(() => this.#readAll());
    await this.#looking;
  }

  async #readAll(): Promise<void> {
    const files = (await readdir(this.#folder)).filter((name) => name.endsWith(".log"));
    for (const name of files) await this.#read(path.join(this.#folder, name));
  }

  async #read(file: string): Promise<void> {
    await using handle = await open(file);
    const chunk = Buffer.alloc(CHUNK_BYTES);
    for (;;) {
      const offset = this.#offsets.get(file) ?? 0;
      const { bytesRead } = await handle.read(chunk, 0, CHUNK_BYTES, offset);
      const end = chunk.subarray(0, bytesRead).lastIndexOf(NEWLINE);
      // The last line is still being written, unless it fills the whole chunk.
      if (end === -1 && bytesRead < CHUNK_BYTES) return;
      this.#offsets.set(file, offset + (end === -1 ? bytesRead : end + 1));
      const lines = chunk.subarray(0, Math.max(0, end)).toString().split("\n");
      for (const line of lines) if (line.includes(MARK)) putLine(line, this.#put);
      if (bytesRead < CHUNK_BYTES) return;
    }
  }
}

interface Directive {
  readonly Namespace: string;
  readonly Dimensions: readonly (readonly string[])[];
  readonly Metrics: readonly { readonly Name: string }[];
}

/** Puts what a line of the embedded metric format says; any other says nothing (CloudWatch User Guide: embedded metric format). */
export function putLine(line: string, put: PutMetric): void {
  try {
    const members = JSON.parse(line) as Readonly<Record<string, unknown>>;
    const { Timestamp, CloudWatchMetrics } = members._aws as {
      readonly Timestamp: number;
      readonly CloudWatchMetrics: Directive[];
    };
    for (const { Namespace: namespace, Dimensions, Metrics } of CloudWatchMetrics) {
      for (const { Name: name } of Metrics) {
        const values = [members[name]].flat().filter((value) => typeof value === "number");
        for (const names of Dimensions) {
          const dimensions = Object.fromEntries(names.map((dimension) => [dimension, String(members[dimension])]));
          put({ namespace, name, dimensions }, values, Timestamp);
        }
      }
    }
  } catch {
    // A job's own line, which only looks like one.
  }
}
