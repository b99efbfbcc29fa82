import { describe, expect, it } from "vitest";
import { isNetwork, isNetworkAddress } from "../../domain/setting-schemas.ts";

describe("a network", () => {
  it.each(["10.0.0.0/8", "0.0.0.0/0", "192.0.2.7/32", "fd00::/8", "::/0", "2001:db8::1/128", "2001:db8:0:0:0:0:0:0/32"])(
    "may be %s",
    (text) => expect(isNetwork(text)).toBe(true),
  );

  it.each(["10.0.0.5/16", "10.0.0.0/33", "10.0.0.0", "10.0.0.0/08", "010.0.0.0/8", "256.0.0.0/8", "10.0.0/8"])(
    "may not be %s",
    (text) => expect(isNetwork(text)).toBe(false),
  );

  it.each(["fd00::1/64", "fd00::/129", "fd00:::/8", "1::2::/64", "::ffff:10.0.0.0/104", "fe80::%eth0/64"])(
    "of IPv6 may not be %s",
    (text) => expect(isNetwork(text)).toBe(false),
  );

  it("of an environment is of IPv4, from /16 to /20", () => {
    expect(["10.20.0.0/16", "172.16.16.0/20"].map(isNetworkAddress)).toEqual([true, true]);
    expect(["10.0.0.0/15", "10.0.0.0/21", "10.20.1.0/16", "010.20.0.0/16", "fd00::/16"].filter(isNetworkAddress)).toEqual([]);
  });
});
