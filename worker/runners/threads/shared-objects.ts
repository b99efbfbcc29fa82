import { createRequire } from "node:module";

/** Modules of Node that handlers and packages are known to patch, or that the worker's own part of a thread relies on. */
const MODULES = [
  ...["assert", "async_hooks", "buffer", "child_process", "crypto", "diagnostics_channel", "dns", "dns/promises", "events", "fs"],
  ...["fs/promises", "http", "https", "module", "net", "os", "path", "perf_hooks", "querystring", "readline", "stream"],
  ...["string_decoder", "timers", "timers/promises", "tls", "url", "util", "vm", "worker_threads", "zlib"],
];
/** Their classes that are patched too. */
const CLASSES = [
  ...["Agent", "AsyncLocalStorage", "AsyncResource", "Buffer", "Channel", "ClientRequest", "EventEmitter", "Hash", "Hmac"],
  ...["IncomingMessage", "MessagePort", "Module", "Performance", "ReadStream", "Readable", "Server", "ServerResponse", "Socket"],
  ...["Stats", "StringDecoder", "Transform", "Writable", "WriteStream"],
];
/** Functions and objects of theirs that hold others. */
const HOLDERS = ["performance", "inspect", "_extensions"];

export type SharedObject = Readonly<Record<PropertyKey, unknown>>;

const isObject = (value: unknown): value is SharedObject => typeof value === "object" && value !== null;
const isFunction = (value: unknown): value is SharedObject => typeof value === "function";

/** What all code of a thread shares, by name: globals, built-in classes, Node's modules, and the prototypes of their classes. */
export function sharedObjects(): ReadonlyMap<string, SharedObject> {
  const found = new Map<string, SharedObject>([["globalThis", globalThis as SharedObject]]);
  const seen = new Set<unknown>([globalThis]);
  const add = (name: string, value: unknown): void => {
    if ((!isObject(value) && !isFunction(value)) || seen.has(value)) return;
    seen.add(value);
    found.set(name, value);
    if (isFunction(value)) add(`${name}.prototype`, value.prototype);
  };
  // Reading a getter would make what Node makes when it is first asked for.
  for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(globalThis))) add(name, value);
  for (const [name, value] of Object.entries(HIDDEN)) add(name, value);
  for (const holder of ["Intl", "WebAssembly"]) {
    const members = Object.getOwnPropertyDescriptors(found.get(holder) ?? {});
    for (const [name, { value }] of Object.entries(members)) add(`${holder}.${name}`, value);
  }
  const require = createRequire(import.meta.url);
  for (const name of MODULES) {
    const module = require(`node:${name}`) as SharedObject;
    add(name, module);
    for (const member of CLASSES) if (isFunction(module[member])) add(`${name}.${member}`, module[member]);
    for (const member of HOLDERS) add(`${name}.${member}`, module[member]);
  }
  return found;
}

/** What no global names, or only by a getter. */
const HIDDEN = {
  process,
  "process.hrtime": process.hrtime,
  "process.memoryUsage": process.memoryUsage,
  Buffer,
  TypedArray: Object.getPrototypeOf(Uint8Array),
  AsyncFunction: (async () => {}).constructor,
  GeneratorFunction: function* () {}.constructor,
  AsyncGeneratorFunction: async function* () {}.constructor,
  "Generator.prototype": Object.getPrototypeOf(function* () {}.prototype),
  "AsyncGenerator.prototype": Object.getPrototypeOf(async function* () {}.prototype),
  "ArrayIterator.prototype": Object.getPrototypeOf([][Symbol.iterator]()),
  "MapIterator.prototype": Object.getPrototypeOf(new Map()[Symbol.iterator]()),
  "SetIterator.prototype": Object.getPrototypeOf(new Set()[Symbol.iterator]()),
  "StringIterator.prototype": Object.getPrototypeOf(""[Symbol.iterator]()),
  "RegExpStringIterator.prototype": Object.getPrototypeOf("".matchAll(/./g)),
};
