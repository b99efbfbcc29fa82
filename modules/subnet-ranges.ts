/** Bits that a subnet's prefix is longer than its network's: sixteen subnets fit. */
const SUBNET_BITS = 4;

/** Of the zones that a network may have: as many as there are ranges for each kind of subnet. */
export const ZONE_LETTERS = "abcdefgh";

/**
 * The range of one of the sixteen subnets of an IPv4 network, such as `10.20.16.0/20` for the second of `10.20.0.0/16`.
 *
 * @param index 0 to 15.
 */
export function subnetRange(cidr: string, index: number): string {
  const [address = "", bits = ""] = cidr.split("/");
  const prefix = Number(bits) + SUBNET_BITS;
  const base = address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
  const start = base + index * 2 ** (32 - prefix);
  return `${[24, 16, 8, 0].map((shift) => Math.floor(start / 2 ** shift) % 256).join(".")}/${prefix}`;
}
