import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readProcess } from "../../../../domain/process-table.ts";
import { ANY_INPUT, type HandlersInThreads, handlersInThreads, keysOf } from "../../../support/handlers-in-threads.ts";

const ZOD = `import * as z from ${JSON.stringify(import.meta.resolve("zod"))}; const schema = z.unknown();`;

/** What a job leaves behind, by the name in its input. */
const HANDLERS = `
import { execSync, spawn } from "node:child_process";
import diagnostics from "node:diagnostics_channel";
import { createRequire, registerHooks } from "node:module";
import { EventEmitter } from "node:events";
import fs, { watch } from "node:fs";
import http from "node:http";
import { AsyncLocalStorage, createHook } from "node:async_hooks";
import dns from "node:dns";
import os from "node:os";
import { inspect } from "node:util";
import net from "node:net";
import { BroadcastChannel, threadId, MessageChannel, setEnvironmentData, Worker } from "node:worker_threads";
const kept = [];
const { subscribe } = createRequire(import.meta.url)("diagnostics_channel");
// What a module does when it is loaded is the thread's own.
registerHooks({});
subscribe("mine", () => {});
const handlers = {
  thread: () => {},
  clean: async () => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    await fs.promises.readFile(process.execPath.replace(/[^/]*$/, "../package.json")).catch(() => {});
    const socket = net.connect(1, "127.0.0.1").on("error", () => {});
    await new Promise((resolve) => socket.on("close", resolve));
  },
  garbage: () => { for (let at = 0; at < 300; at += 1) new Array(50_000).fill(at); },
  garbageBuffer: async () => { const buffer = Buffer.alloc(157_286_400, 1); await new Promise((resolve) => setTimeout(resolve, 1)); void buffer.length; },
  timer: () => void setTimeout(() => {}, 60_000),
  unreferencedTimer: () => void setTimeout(() => {}, 60_000).unref(),
  interval: () => void setInterval(() => { throw new Error("again"); }, 10),
  immediate: () => { const again = () => setImmediate(again); again(); },
  ticks: () => { const again = () => process.nextTick(again); setTimeout(again); },
  microtasks: () => { const again = () => queueMicrotask(again); setTimeout(again); },
  server: () => void http.createServer().listen(0, "127.0.0.1").unref(),
  socket: async () => {
    const server = net.createServer((socket) => socket.unref()).unref();
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    await new Promise((resolve) => net.connect(server.address().port, "127.0.0.1", resolve).unref());
  },
  watcher: () => void watch(process.cwd()).unref(),
  thread2: () => void new Worker("setInterval(() => {}, 1_000)", { eval: true }).unref(),
  child: (_, job) => { const child = spawn("sleep", ["60"]); child.unref(); job.logger.info(String(child.pid)); },
  childThenSpin: (_, job) => {
    job.logger.info(String(spawn("sh", ["-c", "sleep 60"], { detached: true }).pid));
    setTimeout(() => { for (;;); });
    return new Promise(() => {});
  },
  channel: () => void new MessageChannel(),
  broadcast: () => void new BroadcastChannel("mine"),
  moduleHooks: () => void registerHooks({}),
  environmentData: () => setEnvironmentData("left", "behind"),
  asyncHook: () => void createHook({ init() {} }).enable(),
  subscriber: () => subscribe("http.client.request.start", () => {}),
  channelSubscriber: () => diagnostics.channel("mine").subscribe(() => {}),
  newChannelSubscriber: () => diagnostics.channel("new").subscribe(() => {}),
  store: () => diagnostics.channel("mine").bindStore(new AsyncLocalStorage()),
  nameServers: () => dns.setServers(dns.getServers()),
  program: () => void execSync("true"),
  background: (_, job) => job.logger.info(execSync("sleep 60 > /dev/null 2>&1 & echo $!").toString()),
  asyncBackground: async (_, job) => {
    const shell = spawn("sh", ["-c", "sleep 60 > /dev/null 2>&1 & echo $!"]);
    shell.stdout.on("data", (pid) => job.logger.info(String(pid)));
    await new Promise((resolve) => shell.on("close", resolve));
  },
  heap: () => void kept.push(new Array(20_000_000).fill(0.5)),
  buffers: () => void kept.push(Buffer.alloc(157_286_400, 1)),
  global: () => void (globalThis.leftBehind = 1),
  hiddenGlobal: () => void Object.defineProperty(globalThis, "leftBehind", { value: 1 }),
  prototype: () => void (Object.prototype.polluted = 1),
  hiddenPrototype: () => void Object.defineProperty(Array.prototype, "last", { value() {} }),
  method: () => void (Array.prototype.filter = () => []),
  removed: () => void delete Array.prototype.copyWithin,
  getter: () => void Object.defineProperty(Map.prototype, "size", { get: () => 7 }),
  frozen: () => void Object.freeze(Array.prototype),
  proto: () => void Object.setPrototypeOf(Array.prototype, { odd: 1 }),
  json: () => void (JSON.stringify = () => "{}"),
  math: () => void (Math.random = () => 4),
  now: () => void (Date.now = () => 0),
  consoleMethod: () => void (console.log = () => {}),
  environment: () => void (process.env.LEFT_BEHIND = "1"),
  environmentValue: () => void (process.env.PATH = "/"),
  stackLimit: () => void (Error.stackTraceLimit = 1),
  stackFormat: () => void (Error.prepareStackTrace = () => "none"),
  listener: () => void process.on("warning", () => {}),
  captured: () => process.setUncaughtExceptionCaptureCallback(() => {}),
  patchedFs: () => void (fs.readFileSync = () => "mine"),
  patchedHttp: () => void (http.request = () => {}),
  buffer: () => void (Buffer.prototype.toString = () => "mine"),
  bufferFrom: () => void (Buffer.from = () => "mine"),
  clock: () => void (performance.now = () => 0),
  intl: () => void (Intl.NumberFormat.prototype.resolvedOptions = () => {}),
  iterator: () => void (Object.getPrototypeOf(new Map().entries()).next = () => ({ done: true })),
  generator: () => void (Object.getPrototypeOf(function* () {}.prototype).next = () => ({ done: true })),
  output: () => void (process.stdout.write = () => true),
  swappedListener: () => process.removeAllListeners("uncaughtException").on("uncaughtException", () => {}) && undefined,
  arguments: () => void process.argv.push("--odd"),
  platform: () => void Object.defineProperty(process, "platform", { value: "mine" }),
  hrtime: () => void (process.hrtime.bigint = () => 0n),
  asyncContext: () => void (AsyncLocalStorage.prototype.getStore = () => {}),
  inspect: () => void (inspect.defaultOptions.depth = 0),
  resolver: () => void dns.setDefaultResultOrder("ipv6first"),
  addressFamily: () => void net.setDefaultAutoSelectFamily(false),
  priority: () => void os.setPriority(19),
  patchedEmitter: () => void (EventEmitter.prototype.emit = () => false),
  exitLater: () => void setTimeout(() => process.exit(3)),
};
export default { jobType: { input: schema }, handler: async (input, job) => (await handlers[input.do](input, job)) ?? threadId };
`;

let threads: HandlersInThreads;
beforeAll(async () => {
  threads = await handlersInThreads(ANY_INPUT + HANDLERS);
});
afterAll(() => threads.runner.close());

/** Runs a job. @returns the thread that it ran in. */
async function threadOf(name: string, { run }: HandlersInThreads = threads): Promise<string> {
  const outcome = await run(name);
  expect(outcome).toMatchObject({ kind: "returned" });
  return (outcome as { readonly json: string }).json;
}

function isRunning(pid: number): boolean {
  const entry = readProcess(pid);
  return entry !== undefined && !entry.isZombie;
}

describe("a thread whose job has left nothing", () => {
  let withZod: HandlersInThreads;
  beforeAll(async () => {
    withZod = await handlersInThreads(ZOD + HANDLERS);
  });
  afterAll(() => withZod.runner.close());

  it.each(["thread", "clean", "garbage", "garbageBuffer", "program"])("serves the next one: %s", async (name) => {
    const threads = new Set<string>();
    for (let job = 0; job < 12; job += 1) threads.add(await threadOf(name, withZod));
    // The one in reserve serves while the first is looked at.
    expect(threads.size).toBeLessThanOrEqual(2);
    expect(withZod.log.threadReplaced).not.toHaveBeenCalled();
  });
});

describe("a thread whose job has left something", () => {
  it.each([
    ["timer", "1 Timeout"],
    ["unreferencedTimer", "1 Timeout"],
    ["interval", "1 Timeout"],
    ["immediate", "Immediate"],
    ["ticks", "a thread that does not answer"],
    ["microtasks", "a thread that does not answer"],
    ["server", "1 TCPSERVERWRAP"],
    ["socket", "1 TCPSERVERWRAP"],
    ["watcher", "1 FSEVENTWRAP"],
    ["thread2", "WORKER"],
    ["child", "1 PROCESSWRAP"],
    ["channel", "2 MESSAGEPORT"],
    ["broadcast", "1 MESSAGEPORT"],
    ["moduleHooks", "a call of module.registerHooks"],
    ["environmentData", "a call of worker_threads.setEnvironmentData"],
    ["asyncHook", "a call of async_hooks.createHook"],
    ["subscriber", "a call of diagnostics_channel"],
    ["channelSubscriber", "a call of diagnostics_channel"],
    ["newChannelSubscriber", "a call of diagnostics_channel"],
    ["store", "a call of diagnostics_channel"],
    ["nameServers", "a changed dns.getServers"],
    ["heap", "MiB of memory"],
    ["buffers", "MiB of memory"],
    ["global", "a changed globalThis.leftBehind"],
    ["hiddenGlobal", "a changed globalThis.leftBehind"],
    ["prototype", "a changed Object.prototype.polluted"],
    ["hiddenPrototype", "a changed Array.prototype.last"],
    ["method", "a changed Array.prototype.filter"],
    ["removed", "a changed Array.prototype.copyWithin"],
    ["getter", "a changed Map.prototype.size"],
    ["frozen", "a changed Array.prototype"],
    ["proto", "a changed Array.prototype"],
    ["json", "a changed JSON.stringify"],
    ["math", "a changed Math.random"],
    ["now", "a changed Date.now"],
    ["consoleMethod", "a changed console.log"],
    ["environment", "a changed process.env"],
    ["environmentValue", "a changed process.env"],
    ["stackLimit", "a changed Error.stackTraceLimit"],
    ["stackFormat", "a changed Error.prepareStackTrace"],
    ["listener", "a changed list of process' listeners"],
    ["captured", "a changed process.setUncaughtExceptionCaptureCallback"],
    ["patchedFs", "a changed fs.readFileSync"],
    ["patchedHttp", "a changed http.request"],
    ["buffer", "a changed Buffer.prototype.toString"],
    ["bufferFrom", "a changed Buffer.from"],
    ["clock", "a changed perf_hooks.performance.now"],
    ["intl", "a changed Intl.NumberFormat.prototype.resolvedOptions"],
    ["iterator", "a changed MapIterator.prototype.next"],
    ["generator", "a changed Generator.prototype.next"],
    ["output", "a changed process.stdout.write"],
    ["swappedListener", "a changed list of process' listeners"],
    ["arguments", "a changed process.argv"],
    ["platform", "a changed process.platform"],
    ["hrtime", "a changed process.hrtime.bigint"],
    ["asyncContext", "a changed async_hooks.AsyncLocalStorage.prototype.getStore"],
    ["inspect", "a changed util.inspect.defaultOptions"],
    ["resolver", "a changed dns.setDefaultResultOrder"],
    ["addressFamily", "a changed net.setDefaultAutoSelectFamily"],
    ["priority", "a changed os.setPriority"],
    ["patchedEmitter", "a changed events.prototype.emit"],
    ["exitLater", "a thread that has ended"],
  ])("is replaced, and the job that left it is named: %s", async (name, left) => {
    const thread = await threadOf(name);
    const found = () => threads.log.threadReplaced.mock.calls.find(([job]) => job.id === `job-${name}`);
    await expect.poll(found).toEqual([keysOf(name), expect.arrayContaining([expect.stringContaining(left)])]);
    for (let job = 0; job < 3; job += 1) expect(await threadOf("thread")).not.toBe(thread);
  });
});

describe.runIf(process.platform === "linux")("a program that a job has left", () => {
  it.each(["child", "childThenSpin", "background", "asyncBackground"])("ends with its thread: %s", async (name) => {
    const started = Promise.withResolvers<number>();
    const kill = new AbortController();
    const ended = threads.run(name, { kill: kill.signal, log: (_, message) => started.resolve(Number(message)) });
    const pid = await started.promise;
    if (name === "childThenSpin") kill.abort();
    await ended;
    await expect.poll(() => isRunning(pid)).toBe(false);
  });
});
