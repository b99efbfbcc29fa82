import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { ANY_INPUT, type HandlersInThreads, handlersInThreads } from "../../../support/handlers-in-threads.ts";

/** What the handler does, by the name in its input. */
const HANDLERS = `
${ANY_INPUT}
const handlers = {
  readFile: async (_, job) => {
    let seen = "";
    for await (const part of await job.openFile("data")) seen += Buffer.from(part).toString() + "|";
    return { files: job.files, seen };
  },
  pathOfFile: async (_, job) => await job.filePath("data"),
  leaveFile: async (_, job) => {
    const reader = (await job.openFile("data")).getReader();
    await reader.read();
    void reader.read();
    return "left";
  },
};
export default { jobType: { input: schema }, handler: (input, job) => handlers[input.do](input, job) };
`;

let threads: HandlersInThreads;
beforeAll(async () => {
  threads = await handlersInThreads(HANDLERS);
});
afterAll(async () => {
  await threads.runner.close();
});

describe("a file of a handler's job", () => {
  const files = { data: { bytes: 10, contentType: "text/plain" } };
  const readFile = async (_name: string, start: number) => new TextEncoder().encode("0123456789".slice(start, start + 4)).slice();

  it("comes part by part, each when it is asked for", async () => {
    const read = vi.fn(readFile);
    expect(await threads.run("readFile", { files, readFile: read })).toEqual({
      kind: "returned",
      json: JSON.stringify({ files, seen: "0123|4567|89|" }),
    });
    expect(read.mock.calls).toEqual([
      ["data", 0],
      ["data", 4],
      ["data", 8],
    ]);
  });

  it("has a path on the worker's disk", async () => {
    expect(await threads.run("pathOfFile", { files, saveFile: async (name) => `/tmp/${name}` })).toEqual({
      kind: "returned",
      json: '"/tmp/data"',
    });
  });

  it("fails as the worker does", async () => {
    const gone = Object.assign(new Error("gone"), { name: "PermanentError", code: "FileUnavailable" });
    const failed = { kind: "failed", code: "FileUnavailable", message: "gone", permanent: true };
    expect(await threads.run("readFile", { files, readFile: () => Promise.reject(gone) })).toMatchObject(failed);
    expect(await threads.run("pathOfFile", { files, saveFile: () => Promise.reject(gone) })).toMatchObject(failed);
  });

  it("is not there where the job has none", async () => {
    expect(await threads.run("readFile")).toMatchObject({ kind: "failed", code: "NoSuchFile", permanent: true });
  });

  it("keeps no thread from its next job, though it was left half read", async () => {
    const late = Promise.withResolvers<Uint8Array<ArrayBuffer>>();
    const read = vi.fn(readFile).mockImplementation((name, start) => (start === 0 ? readFile(name, start) : late.promise));
    expect(await threads.run("leaveFile", { files, readFile: read })).toEqual({ kind: "returned", json: '"left"' });
    late.resolve(new Uint8Array(4));
    expect(await threads.run("readFile", { files, readFile })).toMatchObject({ json: expect.stringContaining("0123|4567|89|") });
    expect(threads.log.threadReplaced).not.toHaveBeenCalled();
  });
});
