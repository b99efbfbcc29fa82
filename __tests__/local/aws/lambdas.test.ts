import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LAMBDAS } from "../../../domain/routes.ts";
import { EventTooLargeError, FunctionError, Lambdas } from "../../../local/aws/lambdas.ts";

/** Stands in for every bundle: does what the event says. */
const BUNDLE = `
const loadedWith = Date.now;
export async function handler(event, context) {
  if (event.fail) throw new TypeError(event.fail);
  if (event.exit) process.exit(3);
  if (event.hang) return await new Promise(() => {});
  if (event.bytes) return { text: "x".repeat(event.bytes) };
  console.log("invoked");
  return { event, function: context.functionName, request: context.awsRequestId, remaining: context.getRemainingTimeInMillis(),
    table: process.env.JOBS_TABLE_NAME, at: Date.now(), loadedWith: loadedWith() };
}`;

let folder: string;
let lambdas: Lambdas;
let clockAheadMs = 0;
const reports: string[] = [];

const create = (bundles: string, timeoutMs?: number) =>
  new Lambdas({
    folder: bundles,
    environment: { ...process.env, JOBS_TABLE_NAME: "jobs" },
    log: path.join(folder, "lambdas.log"),
    clockAheadMs: () => clockAheadMs,
    report: (line) => reports.push(line),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "lambdas-"));
  for (const name of LAMBDAS) {
    await mkdir(path.join(folder, name));
    await writeFile(path.join(folder, name, "index.mjs"), BUNDLE);
  }
  lambdas = create(folder);
  await lambdas.start();
});

afterAll(async () => {
  await lambdas.stop();
  await rm(folder, { recursive: true });
});

describe("the Lambdas", () => {
  it("get the event, a context and the environment of deployed functions, and write to their log", async () => {
    const answer = await lambdas.invoke("query-job", { hello: "grün" });
    expect(answer).toMatchObject({ event: { hello: "grün" }, function: "query-job", table: "jobs" });
    expect((answer as { remaining: number }).remaining).toBeGreaterThan(28_000);
    expect(await readFile(path.join(folder, "lambdas.log"), "utf8")).toContain("invoked");
  });

  it("see the clock as it is set, also by what they loaded before", async () => {
    const ahead = async () => {
      const before = Date.now();
      const { at, loadedWith } = (await lambdas.invoke("why", {})) as { readonly at: number; readonly loadedWith: number };
      return [at, loadedWith].map((time) => Math.floor((time - before) / 60_000));
    };
    expect(await ahead()).toEqual([0, 0]);
    clockAheadMs = 3_600_000;
    expect(await ahead()).toEqual([60, 60]);
    clockAheadMs = 0;
    expect(await ahead()).toEqual([0, 0]);
  });

  it("run at the same time", async () => {
    const answers = await Promise.all(Array.from({ length: 200 }, (_, n) => lambdas.invoke("add-job", { n })));
    expect(answers.map((answer) => (answer as { event: { n: number } }).event.n)).toEqual(
      Array.from({ length: 200 }, (_, n) => n),
    );
    expect(new Set(answers.map((answer) => (answer as { request: string }).request)).size).toBe(200);
  });

  it("fail with what their handler threw", async () => {
    await expect(lambdas.invoke("add-job", { fail: "no table" })).rejects.toThrow(
      new FunctionError("add-job", "failed: no table"),
    );
  });

  it("take events of 6 MB and no more, and give as much", async () => {
    await expect(lambdas.invoke("add-job", { text: "x".repeat(6_291_456) })).rejects.toThrow(EventTooLargeError);
    await expect(lambdas.invoke("add-job", { bytes: 6_291_456 })).rejects.toThrow("add-job answered with more than 6 MB");
    await expect(lambdas.invoke("add-job", { bytes: 6_000_000 })).resolves.toBeDefined();
  });

  it("are started anew after their process ended", async () => {
    await expect(lambdas.invoke("add-job", { exit: true })).rejects.toThrow("the process of the Lambdas ended with exit code 3");
    expect(await lambdas.invoke("add-job", { again: true })).toMatchObject({ event: { again: true } });
    expect(reports).toEqual([expect.stringContaining("the process of the Lambdas ended with exit code 3")]);
  });

  it("time out", async () => {
    const impatient = create(folder, 20);
    await impatient.start();
    await expect(impatient.invoke("add-job", { hang: true })).rejects.toThrow("add-job timed out after 0.02 s");
    await impatient.stop();
  });

  it("need a build", async () => {
    await expect(create(path.join(folder, "nowhere")).start()).rejects.toThrow(
      /add-job\/index\.mjs is missing; run npm run build/,
    );
  });
});
