import { expect, it, vi } from "vitest";
import type { Run } from "../../../../worker/runners/runner.ts";
import { ANY_INPUT, handlersInThreads } from "../../../support/handlers-in-threads.ts";

const FILES = 50_000;

/** Every fiftieth file is a stream. */
const HANDLER = `
const content = (file) => (file % 50 > 0 ? String(file) : (async function* () { yield String(file); })());
const store = async (job) =>
  await Promise.all(Array.from({ length: ${FILES} }, (_, file) => job.putFile(file + ".txt", content(file), "text/plain")));
export default { jobType: { input: schema }, handler: async (_, job) => (await store(job)).length };
`;

it("a handler in a thread stores tens of thousands of small files that it begins at once", async () => {
  const putFile = vi.fn<Run["putFile"]>(async (name, content, contentType) => {
    let bytes = 0;
    for await (const chunk of content as AsyncIterable<Uint8Array>) bytes += chunk.byteLength;
    return { bucket: "b", key: name, bytes, contentType };
  });
  const { run, runner } = await handlersInThreads(ANY_INPUT + HANDLER);
  expect(await run("store", { putFile })).toEqual({ kind: "returned", json: String(FILES) });
  expect(putFile).toHaveBeenCalledTimes(FILES);
  await runner.close();
});
