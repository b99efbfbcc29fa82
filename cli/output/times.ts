import { spanOf } from "./quantities.ts";

/** A time as people of this machine read it: `14:03:07` of today, else with its date. @param iso ISO 8601. */
export function localTime(iso: string, now = new Date()): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return iso;
  const pad = (value: number): string => String(value).padStart(2, "0");
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map(pad).join(":");
  if (time.toDateString() === now.toDateString()) return clock;
  return `${time.getFullYear()}-${pad(time.getMonth() + 1)}-${pad(time.getDate())} ${clock}`;
}

/** From one time to another, or to now. */
export function spanBetween(from: string, until: string | undefined, now = new Date()): string {
  const end = until === undefined ? now : new Date(until);
  return spanOf((end.getTime() - new Date(from).getTime()) / 1_000);
}

/** `1 job`, `2 jobs`. */
export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? "" : thing.endsWith("ch") ? "es" : "s"}`;
}
