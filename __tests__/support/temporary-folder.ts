import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterFile } from "./after-file.ts";

/** A new, empty folder that is removed after the tests of the file. */
export async function temporaryFolder(prefix: string): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), `${prefix}-`));
  afterFile(async () => await rm(folder, { recursive: true, force: true }));
  return folder;
}
