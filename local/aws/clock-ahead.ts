/**
 * A clock that is ahead of the machine's, for a process of its own: what it loads after this module cannot tell. Preloaded as
 * `clock-ahead.ts?milliseconds=<n>`, it sets the clock of the process, and of its threads.
 */

const machine = Date;
const { searchParams } = new URL(import.meta.url);
let aheadMs = Number(searchParams.get("milliseconds") ?? 0);

const now = (): number => machine.now() + aheadMs;

globalThis.Date = new Proxy(machine, {
  construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
  apply: () => new machine(now()).toString(),
  get: (target, name, receiver) => (name === "now" ? now : Reflect.get(target, name, receiver)),
});

/** Sets this process's clock so many milliseconds ahead of the machine's. Timers run on as they were set. */
export function setClockAhead(milliseconds: number): void {
  aheadMs = milliseconds;
}
