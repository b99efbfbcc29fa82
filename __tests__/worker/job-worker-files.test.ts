import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { isTerminal, type StoredFile } from "../../domain/job.ts";
import type { JobContext } from "../../worker/define-job.ts";
import { workerSuite } from "../support/worker-suite.ts";

const { emulators, start } = workerSuite();

const declared = { files: { data: { description: "A file", maxBytes: 100 } } };
/** The handler of a test knows no names of files; its job type has some. */
const filesOf = (job: unknown) => job as JobContext<"data">;

async function uploaded(content: string, key = `uploads/test/o/${crypto.randomUUID()}/data`): Promise<StoredFile> {
  const { ETag: etag = "" } = await emulators().s3.send(
    new PutObjectCommand({ Bucket: emulators().resultsBucket, Key: key, Body: content, ContentType: "text/csv" }),
  );
  return { bytes: Buffer.byteLength(content), contentType: "text/csv", key, etag };
}

describe("a job with a file", () => {
  it("reads it as a stream, and as a path that is gone when it has ended", async () => {
    const { add, until } = await start({
      jobType: declared,
      handler: async (_, job) => {
        const { files, openFile, filePath } = filesOf(job);
        const saved = await filePath("data");
        return { files, stream: await text(await openFile("data")), path: await readFile(saved, "utf8"), saved };
      },
    });
    const { id } = await add({ files: { data: await uploaded("a,b\n1,2\n") } });
    const { status, result = "" } = await until(id, isTerminal);
    const { saved, ...read } = JSON.parse(result) as { readonly saved: string };
    expect({ status, ...read }).toEqual({
      status: "SUCCEEDED",
      files: { data: { bytes: 8, contentType: "text/csv" } },
      stream: "a,b\n1,2\n",
      path: "a,b\n1,2\n",
    });
    await expect.poll(() => existsSync(saved)).toBe(false);
  });

  it("fails for good where another object has taken its place", async () => {
    const { add, until } = await start({
      jobType: declared,
      handler: async (_, job) => await text(await filesOf(job).openFile("data")),
    });
    const file = await uploaded("as it was");
    await uploaded("as it is!", file.key);
    const { id } = await add({ files: { data: file } });
    expect(await until(id, isTerminal)).toMatchObject({ status: "FAILED", attempt: 1, error: { code: "FileUnavailable" } });
  });

  it("knows what it was not given", async () => {
    const { add, until } = await start({
      jobType: declared,
      handler: async (_, job) => [filesOf(job).files, await filesOf(job).openFile("data")],
    });
    const { id } = await add();
    expect(await until(id, isTerminal)).toMatchObject({
      status: "FAILED",
      attempt: 1,
      error: { code: "NoSuchFile", message: 'the job has no file "data"; it was added with none' },
    });
  });
});
