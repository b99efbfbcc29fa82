import * as z from "zod";

/** Schemas of settings, whose message is what is allowed, in words: `parseSettings` puts the setting and its value before it. */

const AN_OBJECT = "an object of settings";

/** Settings that belong together. There are no others. */
export function group<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape, AN_OBJECT);
}

/** What is allowed of a group that has a `kind`. */
export function kindOf(...kinds: readonly string[]) {
  const allowed = listed(kinds);
  return { error: ({ input }: { readonly input?: unknown }) => (isObject(input) ? allowed : AN_OBJECT) };
}

/** @param rule a pattern, or what tells whether a text will do. */
export function textLike(rule: RegExp | ((text: string) => boolean), allowed: string) {
  const isLike = likeRule(rule);
  return z.string(allowed).refine(isLike, allowed);
}

function likeRule(rule: RegExp | ((text: string) => boolean)): (text: string) => boolean {
  return rule instanceof RegExp ? (text) => rule.test(text) : rule;
}

/** Texts, each another one. @param rule as of `textLike`. @param bounds least: how many there are, 1 unless told otherwise. */
export function texts(
  rule: RegExp | ((text: string) => boolean),
  {
    least = 1,
    most = Number.POSITIVE_INFINITY,
    allowed,
  }: { readonly least?: number; readonly most?: number; readonly allowed: string },
) {
  const isLike = likeRule(rule);
  const isAllowed = (all: readonly string[]): boolean =>
    all.length >= least && all.length <= most && new Set(all).size === all.length && all.every(isLike);
  return z.array(z.string(), allowed).refine(isAllowed, allowed);
}

export function oneOf<const Value extends string | number | boolean>(values: readonly Value[]) {
  return z.literal(values, listed(values));
}

/** @param source where the bounds come from. */
export function whole(min: number, max: number, source: string) {
  const allowed = `a whole number from ${min} to ${max} (${source})`;
  return z.int(allowed).min(min, allowed).max(max, allowed);
}

const CIDR = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(1[6-9]|20)$/;

/** Whether a text is an IPv4 network of /16 to /20, written by its first address. */
export function isNetworkAddress(cidr: string): boolean {
  const [, ...parts] = CIDR.exec(cidr) ?? [];
  if (parts.length !== 5) return false;
  const [a = 0, b = 0, c = 0, d = 0, bits = 0] = parts.map(Number);
  if ([a, b, c, d].some((octet) => octet > 255)) return false;
  return (((a * 256 + b) * 256 + c) * 256 + d) % 2 ** (32 - bits) === 0;
}

function listed(values: readonly unknown[]): string {
  return values.map((value) => JSON.stringify(value)).join(", ");
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}
