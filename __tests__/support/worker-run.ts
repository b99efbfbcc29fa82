import { buffer } from "node:stream/consumers";
import { type FileContent, fileBytes } from "../../worker/file-content.ts";
import type { Run } from "../../worker/runners/runner.ts";

/** A run that nothing aborts, and whose progress, checkpoints, log lines and files go nowhere. */
export function buildRun(overrides: Partial<Run> = {}): Run {
  return {
    id: "test_01J00000000000000000000000",
    type: "test",
    attempt: 1,
    input: "{}",
    signal: new AbortController().signal,
    kill: new AbortController().signal,
    progress: () => {},
    log: () => {},
    checkpoint: async () => {},
    files: {},
    readFile: async (name) => Promise.reject(new Error(`nobody gave ${name}`)),
    saveFile: async (name) => Promise.reject(new Error(`nobody gave ${name}`)),
    putFile: async (name, content, contentType) => {
      const { byteLength } = await readContent(content);
      return { bucket: "test", key: name, bytes: byteLength, contentType };
    },
    ...overrides,
  };
}

/** All bytes of a file's content. */
export async function readContent(content: FileContent): Promise<Buffer> {
  const bytes = fileBytes(content);
  return bytes instanceof Uint8Array ? Buffer.from(bytes) : await buffer(bytes);
}
