/** A time as people of this machine read it: `14:03:07` of today, else with its date. @param iso ISO 8601. */
export function localTime(iso: string, now = new Date()): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return iso;
  const pad = (value: number): string => String(value).padStart(2, "0");
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map(pad).join(":");
  if (time.toDateString() === now.toDateString()) return clock;
  return `${time.getFullYear()}-${pad(time.getMonth() + 1)}-${pad(time.getDate())} ${clock}`;
}

const UNITS = [
  { seconds: 86_400, name: "d" },
  { seconds: 3_600, name: "h" },
  { seconds: 60, name: "min" },
] as const;

/** A span of time for people: `0.4 s`, `12 s`, `3 min 5 s`, `2 h`, `1 d 4 h`. */
export function spanOf(seconds: number): string {
  if (seconds < 9.95) return `${Math.max(0, seconds).toFixed(1)} s`;
  const whole = Math.round(seconds);
  const index = UNITS.findIndex((unit) => whole >= unit.seconds);
  const unit = UNITS[index];
  if (unit === undefined) return `${whole} s`;
  const next = UNITS[index + 1] ?? { seconds: 1, name: "s" };
  const rest = Math.floor((whole % unit.seconds) / next.seconds);
  return `${Math.floor(whole / unit.seconds)} ${unit.name}${rest === 0 ? "" : ` ${rest} ${next.name}`}`;
}

/** From one time to another, or to now. */
export function spanBetween(from: string, until: string | undefined, now = new Date()): string {
  const end = until === undefined ? now : new Date(until);
  return spanOf((end.getTime() - new Date(from).getTime()) / 1_000);
}

/** A size for people, as disks count it: `812 B`, `1.2 MB`. */
export function sizeOf(bytes: number): string {
  const units = ["B", "kB", "MB", "GB"];
  const power = Math.min(units.length - 1, bytes < 1_000 ? 0 : Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1_000 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}

/** `1 job`, `2 jobs`. */
export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? "" : thing.endsWith("ch") ? "es" : "s"}`;
}
