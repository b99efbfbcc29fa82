import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readProcess } from "../../../../domain/process-table.ts";
import { ANY_INPUT, type HandlersInThreads, handlersInThreads, keysOf } from "../../../support/handlers-in-threads.ts";

const ZOD = `import * as z from ${JSON.stringify(import.meta.resolve("zod"))}; const schema = z.unknown();`;

/** What a job leaves behind, by the name in its input. */
const HANDLERS = `
import { execSync, spawn } from "node:child_process";
import diagnostics from "node:diagnostics_channel";
import { createRequire, registerHooks } from "node:module";
import fs, { watch } from "node:fs";
import http from "node:http";
import { AsyncLocalStorage, createHook } from "node:async_hooks";
import dns from "node:dns";
import os from "node:os";
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
  prototype: () => void (Object.prototype.polluted = 1),
  method: () => void (Array.prototype.filter = () => []),
  frozen: () => void Object.freeze(Array.prototype),
  environment: () => void (process.env.LEFT_BEHIND = "1"),
  listener: () => void process.on("warning", () => {}),
  swappedListener: () => process.removeAllListeners("uncaughtException").on("uncaughtException", () => {}) && undefined,
  priority: () => void os.setPriority(19),
  exitLater: () => void setTimeout(() => process.exit(3)),
};
export default { jobType: { input: schema }, handler: async (input, job) => (await handlers[input.do](input, job)) ?? threadId };
`;

const CHANGED_GLOBALS = new URL("../../../../worker/runners/threads/changed-globals.ts", import.meta.url).href;

/** Changes things and takes that back, one after the other: a thread for each would take a third of a second. */
const CHANGES = `
import { ChangedGlobals } from ${JSON.stringify(CHANGED_GLOBALS)};
import dns from "node:dns";
import { EventEmitter } from "node:events";
import fs from "node:fs";
import http from "node:http";
import net from "node:net";
import { AsyncLocalStorage } from "node:async_hooks";
import { inspect } from "node:util";
const { defineProperty, deleteProperty, getOwnPropertyDescriptor, setPrototypeOf } = Reflect;
const assign = (object, key, value) => {
  const before = object[key];
  object[key] = value;
  return () => { object[key] = before; };
};
const define = (object, key, descriptor) => {
  const before = getOwnPropertyDescriptor(object, key);
  defineProperty(object, key, { configurable: true, ...before, ...descriptor });
  return () => before === undefined ? deleteProperty(object, key) : defineProperty(object, key, before);
};
const call = (set, value, before) => {
  set(value);
  return () => set(before);
};
const nothing = () => {};
const changes = {
  hiddenGlobal: () => define(globalThis, "leftBehind", { value: 1 }),
  hiddenPrototype: () => define(Array.prototype, "last", { value: nothing }),
  removed: () => {
    const undo = define(Array.prototype, "copyWithin", {});
    delete Array.prototype.copyWithin;
    return undo;
  },
  getter: () => define(Map.prototype, "size", { get: () => 7 }),
  proto: () => call((prototype) => setPrototypeOf(Array.prototype, prototype), { odd: 1 }, Object.prototype),
  json: () => assign(JSON, "stringify", () => "{}"),
  math: () => assign(Math, "random", () => 4),
  now: () => assign(Date, "now", () => 0),
  consoleMethod: () => assign(console, "log", nothing),
  environmentValue: () => assign(process.env, "PATH", "/"),
  stackLimit: () => assign(Error, "stackTraceLimit", 1),
  stackFormat: () => define(Error, "prepareStackTrace", { value: () => "none" }),
  captured: () => call((callback) => process.setUncaughtExceptionCaptureCallback(callback), nothing, null),
  patchedFs: () => assign(fs, "readFileSync", () => "mine"),
  patchedHttp: () => assign(http, "request", nothing),
  buffer: () => assign(Buffer.prototype, "toString", () => "mine"),
  bufferFrom: () => assign(Buffer, "from", () => "mine"),
  clock: () => define(performance, "now", { value: () => 0, enumerable: true }),
  intl: () => assign(Intl.NumberFormat.prototype, "resolvedOptions", nothing),
  iterator: () => assign(Object.getPrototypeOf(new Map().entries()), "next", () => ({ done: true })),
  generator: () => assign(Object.getPrototypeOf(function* () {}.prototype), "next", () => ({ done: true })),
  output: () => assign(process.stdout, "write", () => true),
  arguments: () => (process.argv.push("--odd"), () => process.argv.pop()),
  platform: () => define(process, "platform", { value: "mine" }),
  hrtime: () => assign(process.hrtime, "bigint", () => 0n),
  asyncContext: () => assign(AsyncLocalStorage.prototype, "getStore", nothing),
  inspect: () => assign(inspect.defaultOptions, "depth", 0),
  resolver: () => call(dns.setDefaultResultOrder, "ipv6first", dns.getDefaultResultOrder()),
  addressFamily: () => call(net.setDefaultAutoSelectFamily, false, net.getDefaultAutoSelectFamily()),
  patchedEmitter: () => assign(EventEmitter.prototype, "emit", () => false),
};
const foundOf = ({ do: name }) => {
  const globals = new ChangedGlobals();
  const undo = changes[name]();
  const found = globals.find();
  undo();
  return [found, globals.find() ?? "nothing"];
};
export default { jobType: { input: schema }, handler: foundOf };
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
    for (let job = 0; job < 6; job += 1) threads.add(await threadOf(name, withZod));
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
    ["prototype", "a changed Object.prototype.polluted"],
    ["method", "a changed Array.prototype.filter"],
    ["frozen", "a changed Array.prototype"],
    ["environment", "a changed process.env"],
    ["listener", "a changed list of process' listeners"],
    ["swappedListener", "a changed list of process' listeners"],
    ["priority", "a changed os.setPriority"],
    ["exitLater", "a thread that has ended"],
  ])("is replaced, and the job that left it is named: %s", async (name, left) => {
    const thread = await threadOf(name);
    const found = () => threads.log.threadReplaced.mock.calls.find(([job]) => job.id === `job-${name}`);
    await expect.poll(found).toEqual([keysOf(name), expect.arrayContaining([expect.stringContaining(left)])]);
    for (let job = 0; job < 3; job += 1) expect(await threadOf("thread")).not.toBe(thread);
  });
});

describe("a thread whose job takes back what it changes", () => {
  let changing: HandlersInThreads;
  beforeAll(async () => {
    changing = await handlersInThreads(ANY_INPUT + CHANGES);
  });
  afterAll(() => changing.runner.close());

  it.each([
    ["hiddenGlobal", "globalThis.leftBehind"],
    ["hiddenPrototype", "Array.prototype.last"],
    ["removed", "Array.prototype.copyWithin"],
    ["getter", "Map.prototype.size"],
    ["proto", "Array.prototype"],
    ["json", "JSON.stringify"],
    ["math", "Math.random"],
    ["now", "Date.now"],
    ["consoleMethod", "console.log"],
    ["environmentValue", "process.env"],
    ["stackLimit", "Error.stackTraceLimit"],
    ["stackFormat", "Error.prepareStackTrace"],
    ["captured", "process.setUncaughtExceptionCaptureCallback"],
    ["patchedFs", "fs.readFileSync"],
    ["patchedHttp", "http.request"],
    ["buffer", "Buffer.prototype.toString"],
    ["bufferFrom", "Buffer.from"],
    ["clock", "perf_hooks.performance.now"],
    ["intl", "Intl.NumberFormat.prototype.resolvedOptions"],
    ["iterator", "MapIterator.prototype.next"],
    ["generator", "Generator.prototype.next"],
    ["output", "process.stdout.write"],
    ["arguments", "process.argv"],
    ["platform", "process.platform"],
    ["hrtime", "process.hrtime.bigint"],
    ["asyncContext", "async_hooks.AsyncLocalStorage.prototype.getStore"],
    ["inspect", "util.inspect.defaultOptions"],
    ["resolver", "dns.setDefaultResultOrder"],
    ["addressFamily", "net.setDefaultAutoSelectFamily"],
    ["patchedEmitter", "events.prototype.emit"],
  ])("has changed it in the meantime, and serves the next one: %s", async (name, change) => {
    expect(await changing.run(name)).toEqual({ kind: "returned", json: JSON.stringify([change, "nothing"]) });
    expect(changing.log.threadReplaced).not.toHaveBeenCalled();
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
