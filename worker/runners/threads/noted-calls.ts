import { createHook } from "node:async_hooks";
import { ChildProcess } from "node:child_process";
import { channel } from "node:diagnostics_channel";
import { createRequire, syncBuiltinESMExports } from "node:module";

/** Functions of Node's modules that change what other code of the thread does, and leave nothing that could be looked at. */
const SETTERS: Readonly<Record<string, readonly string[]>> = {
  crypto: ["setEngine", "setFips"],
  http: ["setGlobalProxyFromEnv", "setMaxIdleHTTPParsers"],
  module: ["enableCompileCache", "register", "registerHooks"],
  net: ["setDefaultAutoSelectFamilyAttemptTimeout"],
  tls: ["setDefaultCACertificates"],
  v8: ["setFlagsFromString", "setHeapSnapshotNearHeapLimit"],
  worker_threads: ["setEnvironmentData"],
};
/** Functions that start a program and wait for it; `ChildProcess` starts the others. */
const STARTERS = ["execFileSync", "execSync", "spawnSync"];

type Callable = (...given: never[]) => unknown;
type Holder = Record<string, Callable>;

/** Notes calls of Node's functions whose effect outlasts a job unseen. To be made before the handler's module takes them. */
export class NotedCalls {
  readonly #setters = new Set<string>();
  #hasStarted = false;

  constructor() {
    const require = createRequire(import.meta.url);
    const noted = (holder: Holder, member: string, name = member): void => note(holder, member, () => this.#setters.add(name));
    for (const [module, names] of Object.entries(SETTERS)) {
      for (const name of names) noted(require(`node:${module}`) as Holder, name, `${module}.${name}`);
    }
    noted(Object.getPrototypeOf(createHook({})) as Holder, "enable", "async_hooks.createHook");
    for (const prototype of channelPrototypes()) {
      for (const name of ["subscribe", "bindStore"]) noted(prototype, name, "diagnostics_channel");
    }
    const started = (): void => {
      this.#hasStarted = true;
    };
    for (const name of STARTERS) note(require("node:child_process") as Holder, name, started);
    note(ChildProcess.prototype as unknown as Holder, "spawn", started);
    // For those that import them by name.
    syncBuiltinESMExports();
  }

  /** Forgets what was called so far: what modules do when they are loaded is the thread's own. */
  clear(): void {
    this.#setters.clear();
    this.#hasStarted = false;
  }

  /** Setters that were called, such as `module.registerHooks`. */
  get setters(): readonly string[] {
    return [...this.#setters];
  }

  /** Whether a program was started since this was asked last. */
  takeStarted(): boolean {
    const hasStarted = this.#hasStarted;
    this.#hasStarted = false;
    return hasStarted;
  }
}

/** A proxy is all that the function is, its own properties too. */
function note(holder: Holder, member: string, onCall: () => void): void {
  const original = holder[member];
  // Not every version has them all.
  if (original === undefined) return;
  holder[member] = new Proxy(original, {
    apply: (target, self, given: never[]) => {
      onCall();
      return Reflect.apply(target, self, given) as unknown;
    },
  });
}

/** Channels change their class when they get a subscriber. */
function channelPrototypes(): Holder[] {
  const sample = channel("a job's thread");
  const idle = Object.getPrototypeOf(sample) as Holder;
  const subscriber = (): void => {};
  sample.subscribe(subscriber);
  const active = Object.getPrototypeOf(sample) as Holder;
  sample.unsubscribe(subscriber);
  return [idle, active];
}
