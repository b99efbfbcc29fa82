/** What JSON texts hold, told in other ways than the product tells it. */

const STRING = /"(?:[^"\\]|\\.)*"(\s*:)?/g;
const PARTS = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i;

/** Whether some object of a JSON text has two members of one name: then fewer are left of them when it is parsed. */
export function hasTwins(text: string): boolean {
  let names = 0;
  const renamed = text.replace(STRING, (token, colon?: string) => {
    if (colon === undefined) return token;
    names += 1;
    return `"${names}":`;
  });
  return members(JSON.parse(renamed)) > members(JSON.parse(text));
}

function members(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  const own = Array.isArray(value) ? 0 : Object.keys(value).length;
  return Object.values(value).reduce<number>((sum, content) => sum + members(content), own);
}

/** Whether a double, rounded to the digits of a number, is that number: reckoned with whole numbers of any size. */
export function isHeld(source: string): boolean {
  const value = Number(source);
  if (!Number.isFinite(value)) return false;
  const [, , whole = "", fraction = "", exponent = "0"] = PARTS.exec(source) ?? [];
  const digits = (whole + fraction).replace(/^0+/, "");
  if (digits === "") return true;
  const significant = digits.replace(/0+$/, "");
  const last = Number(exponent) - fraction.length + digits.length - significant.length;
  if (last < -2_000) return false;
  const [mantissa, power] = binary(Math.abs(value));
  // Both as whole numbers of the unit 10^least · 2^lowest, which neither has a part of.
  const [least, lowest] = [Math.min(last, 0), Math.min(power, 0)];
  const sent = BigInt(significant) * 10n ** BigInt(last - least) * 2n ** BigInt(-lowest);
  const held = mantissa * 2n ** BigInt(power - lowest) * 10n ** BigInt(-least);
  const unit = 10n ** BigInt(last - least) * 2n ** BigInt(-lowest);
  const distance = sent > held ? sent - held : held - sent;
  return 2n * distance <= unit;
}

/** A double as a whole number times a power of two. */
function binary(value: number): readonly [mantissa: bigint, power: number] {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  const raw = bits.getBigUint64(0);
  const exponent = Number((raw >> 52n) & 0x7ffn);
  const fraction = raw & 0xf_ffff_ffff_ffffn;
  return exponent === 0 ? [fraction, -1_074] : [fraction | (1n << 52n), exponent - 1_075];
}
