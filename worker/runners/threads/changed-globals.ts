import { getDefaultResultOrder } from "node:dns";
import { EventEmitter } from "node:events";
import http from "node:http";
import { getDefaultAutoSelectFamily } from "node:net";
import { getPriority } from "node:os";
import { inspect } from "node:util";
import { type SharedObject, sharedObjects } from "./shared-objects.ts";

// Taken before any handler runs, which may replace them: until nothing is found, nothing else of JavaScript is relied upon.
const { ownKeys, getOwnPropertyDescriptor, getPrototypeOf, isExtensible } = Reflect;
const { keys: enumerableKeys, is } = Object;

/** Of these, keys that enumerations leave out are counted too. Of others, such keys are known by their values. */
const CORE =
  /^(?:globalThis|Object|Function|Array|String|Number|Boolean|Symbol|BigInt|Promise|RegExp|Date|Error|Map|Set|JSON|Math|console)(?:\.prototype)?$/;

interface Snapshot {
  readonly name: string;
  readonly object: SharedObject;
  readonly prototype: object | null;
  readonly isExtensible: boolean;
  readonly keysOf: (object: SharedObject) => PropertyKey[];
  size: number;
  readonly properties: Property[];
}

/** A property with a value, or one with a getter or a setter. */
interface Property {
  readonly key: PropertyKey;
  readonly isValue: boolean;
  readonly value: unknown;
  readonly get: (() => unknown) | undefined;
  readonly set: ((value: unknown) => void) | undefined;
}

/** Numbers functions, so that a list of them can be compared as text. */
const numbers = new WeakMap<object, number>();
let numbered = 0;
function numberOf(listener: object): number {
  const number = numbers.get(listener) ?? numbered++;
  numbers.set(listener, number);
  return number;
}

/** Settings of a thread that no property of a shared object shows. */
const SETTINGS: Readonly<Record<string, () => unknown>> = {
  "process.env": () => Object.entries(process.env).join("\n"),
  "process.argv": () => process.argv.join("\n"),
  "process.execArgv": () => process.execArgv.join("\n"),
  "process.exitCode": () => process.exitCode,
  "process.platform": () => process.platform,
  "process.stdout.write": () => process.stdout.write,
  "process.stderr.write": () => process.stderr.write,
  "list of process' listeners": () =>
    process
      .eventNames()
      .map((event) => `${String(event)} ${process.listeners(event as "exit").map(numberOf)}`)
      .join(),
  "process.setUncaughtExceptionCaptureCallback": () => process.hasUncaughtExceptionCaptureCallback(),
  "process.setSourceMapsEnabled": () => process.sourceMapsEnabled,
  "events.defaultMaxListeners": () => EventEmitter.defaultMaxListeners,
  "http.globalAgent": () => http.globalAgent,
  "util.inspect.defaultOptions": () => Object.entries(inspect.defaultOptions).join(),
  "dns.setDefaultResultOrder": () => getDefaultResultOrder(),
  "net.setDefaultAutoSelectFamily": () => getDefaultAutoSelectFamily(),
  "os.setPriority": () => getPriority(),
};

/** Knows how the objects that all code shares looked at first: globals, built-in classes, Node's modules, the environment. */
export class ChangedGlobals {
  readonly #snapshots = [...sharedObjects()].map(([name, object]) => snapshot(name, object));
  readonly #settings = Object.entries(SETTINGS).map(([name, read]) => ({ name, read, value: read() }));

  /** The first difference found, such as `Array.prototype.at`; undefined where there is none. */
  find(): string | undefined {
    for (let index = 0; index < this.#snapshots.length; index += 1) {
      const taken = this.#snapshots[index] as Snapshot;
      const key = difference(taken);
      if (key !== undefined) return key === "" ? taken.name : `${taken.name}.${String(key)}`;
    }
    return this.#settings.find(({ read, value }) => read() !== value)?.name;
  }
}

function snapshot(name: string, object: SharedObject): Snapshot {
  const keysOf = CORE.test(name) ? ownKeys : enumerableKeys;
  return {
    name,
    object,
    prototype: getPrototypeOf(object),
    isExtensible: isExtensible(object),
    keysOf,
    size: keysOf(object).length,
    properties: ownKeys(object).flatMap((key) => propertyOf(object, key, name)),
  };
}

function propertyOf(object: SharedObject, key: PropertyKey, name: string): Property[] {
  const { value, get, set } = getOwnPropertyDescriptor(object, key) ?? {};
  const isValue = get === undefined && set === undefined;
  // The rest of what `process` holds changes by itself.
  const isKept = name !== "process" || typeof value === "function";
  return isKept ? [{ key, isValue, value, get, set }] : [];
}

/** The key of the first property that differs; empty where it is the object itself. */
function difference(taken: Snapshot): PropertyKey | undefined {
  const { object, properties } = taken;
  for (let index = 0; index < properties.length; index += 1) {
    const { key, isValue, value, get, set } = properties[index] as Property;
    if (isValue) {
      // NaN equals nothing, and checking for it is slower than for all others.
      if (object[key] !== value && !is(object[key], value)) return key;
      continue;
    }
    const now = getOwnPropertyDescriptor(object, key);
    if (now?.get === get && now?.set === set) continue;
    // Node makes some globals when they are first read, and puts them in the place of their getters.
    const isMade = now !== undefined && now.get === undefined && now.set === undefined && object === globalThis;
    if (!isMade || get === undefined || get.call(object) !== now.value) return key;
    properties[index] = { key, isValue: true, value: now.value, get: undefined, set: undefined };
  }
  if (getPrototypeOf(object) !== taken.prototype || isExtensible(object) !== taken.isExtensible) return "";
  const present = taken.keysOf(object);
  if (present.length === taken.size || taken.name === "process") return undefined;
  for (let index = 0; index < present.length; index += 1) if (!has(properties, present[index])) return present[index];
  // A global that Node has just made is one that enumerations now name, or no longer do.
  taken.size = present.length;
  return undefined;
}

function has(properties: readonly Property[], key: PropertyKey | undefined): boolean {
  for (let index = 0; index < properties.length; index += 1) if (properties[index]?.key === key) return true;
  return false;
}
