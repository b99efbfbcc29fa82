import { createRequire } from "node:module";

/** Modules of Node that packages are known to patch. */
const MODULES = [
  ...["child_process", "crypto", "dns", "events", "fs", "fs/promises", "http", "https", "net", "os", "path", "stream"],
  ...["timers", "timers/promises", "tls", "url", "util", "zlib"],
];
/** Their classes whose prototypes are patched too. */
const CLASSES = ["Agent", "ClientRequest", "EventEmitter", "IncomingMessage", "Readable", "Server", "Socket", "Writable"];

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
  add("process", process);
  for (const [name, value] of Object.entries(HIDDEN)) add(name, value);
  const require = createRequire(import.meta.url);
  for (const name of MODULES) {
    const module = require(`node:${name}`) as SharedObject;
    add(name, module);
    for (const member of CLASSES) if (isFunction(module[member])) add(`${name}.${member}.prototype`, module[member].prototype);
  }
  return found;
}

/** Classes that no global names. */
const HIDDEN = {
  TypedArray: Object.getPrototypeOf(Uint8Array),
  AsyncFunction: (async () => {}).constructor,
  GeneratorFunction: function* () {}.constructor,
  AsyncGeneratorFunction: async function* () {}.constructor,
  "ArrayIterator.prototype": Object.getPrototypeOf([][Symbol.iterator]()),
};
