import { describe, expect, it } from "vitest";
import { type Operation, ROUTES, type Route } from "../../../domain/routes.ts";
import { apiRequest } from "../../../handlers/http/event.ts";
import { expectRequest } from "../../../handlers/http/expected-request.ts";
import { apiEvent, type RequestParts } from "../api-event.ts";

const OPERATIONS = Object.keys(ROUTES) as Operation[];
const WITHOUT_BODY = OPERATIONS.filter((operation) => (ROUTES[operation] as Route).body !== true);

/** The paths that a request is refused at; none for one that is taken. */
function refusedAt(operation: Operation, parts: RequestParts, changes: { isBase64Encoded?: boolean } = {}): string[] {
  try {
    expectRequest(apiRequest({ ...apiEvent(operation, parts), ...changes }), ROUTES[operation]);
    return [];
  } catch (error) {
    const { code, details } = error as { code: string; details: { errors: { path: string }[] } };
    expect(code).toBe("InvalidRequest");
    return details.errors.map(({ path }) => path);
  }
}

describe.each(OPERATIONS)("a request to %s", (operation) => {
  it("is taken without a query", () => {
    expect(refusedAt(operation, {})).toEqual([]);
  });

  it.each(["offset", "Type", "type ", "waitseconds", "toString", "__proto__", "", "a,b", "é", "X-Amz-Whatever"])(
    "is refused with the parameter %j",
    (name) => {
      expect(refusedAt(operation, { query: [[name, "1"]] })).toEqual([`?${name}`]);
    },
  );

  it("is refused with every parameter that is unknown, each once", () => {
    const query = [
      ["one", "1"],
      ["two", "2"],
      ["one", "3"],
    ] as const;
    expect(refusedAt(operation, { query })).toEqual(["?one", "?two"]);
  });

  it("may be signed in its query", () => {
    const signature = ["Algorithm", "Credential", "Date", "Expires", "Security-Token", "Signature", "SignedHeaders"];
    expect(refusedAt(operation, { query: signature.map((name) => [`X-Amz-${name}`, "x"] as const) })).toEqual([]);
  });
});

describe("the parameters of a list", () => {
  it.each(ROUTES.listJobs.query)("are taken: %s", (name) => {
    expect(refusedAt("listJobs", { query: { [name]: "a,b" } })).toEqual([]);
  });

  it.each(ROUTES.listJobs.query)("are refused when repeated, but for statuses and tags: %s", (name) => {
    const same = [
      [name, "1"],
      [name, "1"],
    ] as const;
    const isList = name === "status" || name === "tag";
    expect(refusedAt("listJobs", { query: same })).toEqual(isList ? [] : [`?${name}`]);
  });

  it("are the same however they are encoded", () => {
    const event = { ...apiEvent("listJobs"), rawQueryString: "%6Cimit=5&lim%69t=6" };
    expect(() => expectRequest(apiRequest(event), ROUTES.listJobs)).toThrow(
      expect.objectContaining({ details: { errors: [{ path: "?limit", message: "must be given once, not 2 times" }] } }),
    );
  });
});

describe.each(WITHOUT_BODY)("a request to %s, which takes no body,", (operation) => {
  it.each([undefined, "", " \r\n\t", "{}", " { } "])("may have %j", (body) => {
    expect(refusedAt(operation, { body })).toEqual([]);
    const encoded = body === undefined ? undefined : Buffer.from(body).toString("base64");
    expect(refusedAt(operation, { body: encoded }, { isBase64Encoded: true })).toEqual([]);
  });

  it.each(['{"reason":"late"}', "[]", "null", "0", '""', "{", "{}{}", "\u00a0", "\ufeff{}", "reason=late"])(
    "is refused with %j",
    (body) => {
      expect(refusedAt(operation, { body })).toEqual([""]);
      expect(refusedAt(operation, { body: Buffer.from(body).toString("base64") }, { isBase64Encoded: true })).toEqual([""]);
    },
  );
});
