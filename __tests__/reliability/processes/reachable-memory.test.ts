import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { probeVariables, type ReachableMemory, reachableMemory } from "./reachable-memory.ts";
import { MEBIBYTE } from "./resource-samples.ts";

/** Keeps or drops objects and buffers, as it is told. */
const PROGRAM = `
  const { Worker } = require("node:worker_threads");
  const kept = [];
  const objects = () => Array.from({ length: 200_000 }, (_, index) => ({ index }));
  process.on("message", (what) => {
    if (what === "keep objects") kept.push(objects());
    if (what === "drop objects") objects();
    if (what === "keep buffer") kept.push(Buffer.alloc(20_000_000));
    if (what === "drop buffer") Buffer.alloc(20_000_000);
    if (what === "keep thread") {
      const code = "const kept = Array.from({ length: 500_000 }, (_, index) => ({ index })); require('node:worker_threads').parentPort.postMessage('ready'); setInterval(() => kept.length, 1_000);";
      return void new Worker(code, { eval: true }).once("message", () => process.send("done"));
    }
    process.send("done");
  });
  process.send("ready");
`;

let probe: string;
let child: ChildProcess;
beforeAll(async () => {
  probe = path.join(await temporaryFolder("probe"), "probe.sock");
  child = spawn(process.execPath, ["--eval", PROGRAM], {
    env: { ...process.env, ...probeVariables(probe) },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  await once(child, "message");
});
afterAll(() => void child.kill());

async function memory(): Promise<ReachableMemory> {
  const found = await reachableMemory(probe);
  if (found === undefined) throw new Error("the probe did not answer");
  return found;
}

/** By how much it grew, in MiB. */
async function growthBy(what: string): Promise<Readonly<Record<"heap" | "external" | "outside" | "threads", number>>> {
  const before = await memory();
  child.send(what);
  await once(child, "message");
  const after = await memory();
  return {
    heap: (after.heapBytes - before.heapBytes) / MEBIBYTE,
    external: (after.externalBytes - before.externalBytes) / MEBIBYTE,
    outside: (after.outsideBytes - before.outsideBytes) / MEBIBYTE,
    threads: after.threads - before.threads,
  };
}

describe("the memory that a process can reach", () => {
  it("grows by what is kept", async () => {
    expect((await growthBy("keep objects")).heap).toBeGreaterThan(4);
    expect((await growthBy("keep buffer")).external).toBeGreaterThan(18);
  });

  it("does not grow by garbage", async () => {
    expect((await growthBy("drop objects")).heap).toBeLessThan(0.5);
    expect((await growthBy("drop buffer")).external).toBeLessThan(0.5);
  });

  it("grows outside of the heap by what other threads keep", async () => {
    const { outside, heap, threads } = await growthBy("keep thread");
    expect(outside).toBeGreaterThan(10);
    expect(heap).toBeLessThan(2);
    expect(threads).toBeGreaterThanOrEqual(1);
  });

  it("is not known of a process that is gone", async () => {
    expect(await reachableMemory(`${probe}-of-nobody`)).toBeUndefined();
  });
});
