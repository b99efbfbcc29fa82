import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CliPlatform, startCliPlatform } from "./cli-platform.ts";

/** Verbs, run as processes against the whole platform. */

let platform: CliPlatform;
let jobs: CliPlatform["jobs"];

beforeAll(async () => {
  platform = await startCliPlatform(["canary", "document"]);
  ({ jobs } = platform);
});
afterAll(async () => {
  await platform.stop();
});

const echo = (value: unknown): string[] => ["--input", JSON.stringify({ op: "echo", value })];
const failing = ["--input", '{"op":"fail","message":"no luck","permanent":true}'];
const added = async (...args: string[]): Promise<string> => {
  const { documents, stderr } = await jobs(["add", ...args]);
  expect(stderr).toBe("");
  return documents[0]!.id;
};

describe("jobs add, get and wait", () => {
  it("adds a job and waits for it", async () => {
    const { code, documents, stderr } = await jobs(["add", "canary", ...echo("Grüße, 你好"), "--tag", "team:docs", "--wait"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(documents).toMatchObject([{ status: "SUCCEEDED", result: { value: "Grüße, 你好" }, tags: { team: "docs" } }]);
  });

  it("keeps the digits of numbers and the order of members, there and back", async () => {
    const value = '{"10":1.10,"2":[1E+2,-0.0],"a":0.100}';
    await writeFile(path.join(platform.folder, "input.json"), `{"value": ${value}, "op": "echo"}`);
    for (const input of ["@input.json", "-"]) {
      const piped = input === "-" ? `{"value": ${value}, "op": "echo"}` : "";
      const { stdout } = await jobs(["add", "canary", "--input", input, "--wait"], piped);
      expect(stdout).toContain(`"input":{"value":${value},"op":"echo"}`);
      expect(stdout.trim().split("\n")).toHaveLength(1);
    }
  });

  it("adds one job under one key, and says why another input is refused", async () => {
    const id = await added("canary", ...echo(1), "--key", "order-17");
    expect(await added("canary", ...echo(1), "--key", "order-17")).toBe(id);
    const { code, stderr } = await jobs(["add", "canary", ...echo(2), "--key", "order-17"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^jobs: IdempotencyKeyReused: .*\n$/);
  });

  it("adds a job to a trace", async () => {
    const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    const { documents } = await jobs(["add", "canary", ...echo(1), "--traceparent", traceparent]);
    expect(documents).toMatchObject([{ traceparent }]);
  });

  it("uploads a file", async () => {
    const content = Buffer.alloc(300_000, "0123456789abcdef");
    await writeFile(path.join(platform.folder, "data.bin"), content);
    const { documents } = await jobs(["add", "canary", "--input", '{"op":"digest"}', "--file", "data=data.bin", "--wait"]);
    const sha256 = createHash("sha256").update(content).digest("hex");
    expect(documents).toMatchObject([{ status: "SUCCEEDED", result: { bytes: content.length, sha256 } }]);
  });

  it("adds a job for later", async () => {
    const before = Date.now();
    const { documents } = await jobs(["add", "canary", ...echo(1), "--delay", "2h"]);
    expect(Date.parse(String(documents[0]!.runAt)) - before).toBeGreaterThan(7_000_000);
    expect((await jobs(["cancel", documents[0]!.id])).documents).toMatchObject([{ status: "CANCELLED" }]);
  });

  it("ends with 1 where a job failed, and shows why", async () => {
    const { code, documents } = await jobs(["add", "canary", ...failing, "--wait"]);
    expect(code).toBe(1);
    expect(documents).toMatchObject([{ status: "FAILED", error: { message: "no luck" } }]);
  });

  it("waits for all that are piped in, as IDs or as jobs", async () => {
    const ids = [await added("canary", ...echo(1)), await added("canary", ...echo(2))];
    const byId = await jobs(["wait", "-"], ids.join("\n"));
    expect(byId.code).toBe(0);
    expect(byId.documents.map(({ id }) => id).sort()).toEqual(ids.toSorted());
    const asJobs = await jobs(["wait", "-"], byId.stdout);
    expect(asJobs.documents).toHaveLength(2);
  });

  it("waits no longer than it is told", async () => {
    const id = await added("canary", "--input", '{"op":"sleep","seconds":100}');
    const { code, stderr } = await jobs(["wait", id, "--timeout", "1s"]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: "jobs: not all jobs have ended within 1 s\n" });
    await jobs(["cancel", id]);
  });

  it("writes a large result as the job gave it, and the files in one", async () => {
    const id = await added("canary", "--input", '{"op":"result","bytes":100000}');
    await jobs(["wait", id]);
    const { stdout } = await jobs(["get", id, "--result"]);
    expect(stdout).toHaveLength(100_000);
    expect(JSON.parse(stdout)).toHaveProperty("value");

    const report = await added("document", "--input", '{"title":"Report","markdown":"# Hello"}');
    await jobs(["wait", report]);
    const { documents } = await jobs(["get", report, "--download", "files"]);
    expect(documents).toMatchObject([{ name: "document.pdf", contentType: "application/pdf" }]);
    const pdf = await readFile(path.join(platform.folder, "files", "document.pdf"));
    expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
  });
});

describe("jobs list, cancel and retry", () => {
  it("lists by every filter", async () => {
    const tag = ["--tag", "run:list"];
    const ok = await added("canary", ...echo(1), ...tag);
    const bad = await added("canary", ...failing, ...tag);
    const { documents } = await jobs(["wait", ok, bad]);
    const { code } = documents.find(({ id }) => id === bad)!.error as { code: string };
    const listed = async (...args: string[]): Promise<unknown[]> =>
      (await jobs(["list", ...args, "--all"])).documents.map(({ id }) => id);
    expect(await listed(...tag)).toEqual([bad, ok]);
    expect(await listed(...tag, "--type", "canary", "--status", "failed")).toEqual([bad]);
    expect(await listed(...tag, "--error-code", code)).toEqual([bad]);
    expect(await listed(...tag, "--created-after", "1h")).toEqual([bad, ok]);
    expect(await listed(...tag, "--created-before", "1h")).toEqual([]);
    expect(await listed("--type", "document", ...tag)).toEqual([]);
    const first = await jobs(["list", ...tag, "--limit", "1"]);
    expect(first.documents).toHaveLength(1);
  });

  it("cancels all that meet filters: shows them, asks, and does it at a rate", async () => {
    const tag = ["--tag", "run:cancel"];
    const ids = await Promise.all(
      ["1", "2", "3"].map(async (value) => await added("canary", ...echo(value), "--delay", "1h", ...tag)),
    );
    const shown = await jobs(["cancel", ...tag, "--dry-run"]);
    expect(shown.documents.map(({ id }) => id).sort()).toEqual(ids.toSorted());
    expect(shown.stderr).toBe("3 jobs would be cancelled or asked to stop.\n");
    const unasked = await jobs(["cancel", ...tag]);
    expect(unasked.code).toBe(2);
    expect(unasked.stderr).toContain(`Cancel 3 jobs at ${platform.api}? Nobody is here to answer: give --yes`);
    const done = await jobs(["cancel", ...tag, "--yes", "--rate", "100"]);
    expect(done.code).toBe(0);
    expect(done.documents.map(({ status }) => status)).toEqual(["CANCELLED", "CANCELLED", "CANCELLED"]);
    expect(done.stderr).toBe("3 jobs cancelled or asked to stop.\n");
  });

  it("retries all that meet filters, and repeated adds nothing", async () => {
    const tag = ["--tag", "run:retry"];
    const id = await added("canary", ...failing, ...tag);
    await jobs(["wait", id]);
    const before = new Date().toISOString();
    const first = await jobs(["retry", ...tag, "--created-before", before, "--yes"]);
    expect(first.documents).toMatchObject([{ retryOf: id }]);
    const again = await jobs(["retry", ...tag, "--created-before", before, "--yes"]);
    expect(again.documents.map((job) => job.id)).toEqual(first.documents.map((job) => job.id));
    expect((await jobs(["retry", id])).documents).toMatchObject([{ id: first.documents[0]!.id }]);
  });

  it("tells which of several were refused, and does the others", async () => {
    const id = await added("canary", ...echo(1), "--delay", "1h");
    const { code, documents, stderr } = await jobs(["cancel", "canary_01JCQ8N6V4W2X9Y7Z5T3R1P0MK", id]);
    expect(code).toBe(1);
    expect(documents).toMatchObject([{ id, status: "CANCELLED" }]);
    expect(stderr).toMatch(/^canary_01JCQ8N6V4W2X9Y7Z5T3R1P0MK: JobNotFound: /);
  });
});

describe("jobs types and jobs batch", () => {
  it("lists the types, and shows what one takes", async () => {
    expect((await jobs(["types"])).documents.map(({ name }) => name)).toEqual(["canary", "document"]);
    expect((await jobs(["types", "canary"])).documents).toMatchObject([{ name: "canary", inputSchema: expect.any(Object) }]);
    expect(await jobs(["types", "nothing"])).toMatchObject({
      code: 1,
      stderr: 'jobs: there is no job type "nothing"; there are: canary, document\n',
    });
  });

  it("adds a batch of an input a line, waits for it, and lists its jobs", async () => {
    const lines = ["a", "b", "c"].map((value) => JSON.stringify({ op: "echo", value })).join("\n");
    const { code, documents } = await jobs(["batch", "add", "canary", "--inputs", "-", "--key", "lines", "--wait"], lines);
    expect(code).toBe(0);
    expect(documents).toMatchObject([{ status: "COMPLETE", total: 3, succeeded: 3 }]);
    const { id } = documents[0]!;
    const listed = await jobs(["batch", "get", id, "--jobs"]);
    expect(listed.documents.map(({ result }) => result)).toEqual([{ value: "a" }, { value: "b" }, { value: "c" }]);
    expect((await jobs(["get", id])).stderr).toBe(`jobs: ${id} is a batch; see jobs batch --help\n`);
  });

  it("cancels a batch", async () => {
    const items = JSON.stringify([
      { input: { op: "sleep", seconds: 100 } },
      { input: { op: "sleep", seconds: 100 }, tags: { n: "2" } },
    ]);
    const { documents } = await jobs(["batch", "add", "canary", "--items", items]);
    const { id } = documents[0]!;
    expect((await jobs(["batch", "cancel", id])).code).toBe(0);
    const waited = await jobs(["batch", "wait", id]);
    expect(waited.code).toBe(1);
    expect(waited.documents).toMatchObject([{ status: "COMPLETE", cancelled: 2 }]);
  });
});
