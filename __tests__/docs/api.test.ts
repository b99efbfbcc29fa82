import { describe, expect, it } from "vitest";
import { ROUTES } from "../../domain/routes.ts";
import { PROBLEMS } from "../../handlers/http/problem.ts";
import { API_GUIDE, examples, LANGUAGES } from "./api-guide.ts";

describe("the API's documentation", () => {
  it("shows every call in every language", () => {
    const sections = new Map(API_GUIDE.split(/^## /m).map((section) => [section.split("\n", 1)[0] ?? "", section]));
    for (const { method, path: route } of Object.values(ROUTES)) {
      const [, section = ""] =
        [...sections].find(([title]) =>
          new RegExp(`\`${method} ${route.replaceAll(/[{}./]/g, "\\$&")}(\\?[^\`]*)?\`$`).test(title),
        ) ?? [];
      const shown = LANGUAGES.filter((language) => examples(language, section).length > 0);
      expect([method, route, shown]).toEqual([method, route, [...LANGUAGES]]);
    }
  });

  it("writes queries for curl in the order in which AWS signs them, as not every curl sorts them", () => {
    const program = examples("sh").join("\n");
    const queries = [...program.matchAll(/\$api[^"?]*\?([^"]*)"/g)].map(([, query = ""]) => query);
    expect(queries).toContain("limit=10&status=CANCELLED&status=FAILED&tag=$tag");
    expect(queries.map((query) => query.split("&").sort().join("&"))).toEqual(queries);
    expect(program).not.toMatch(/ (-G|--get|--data-urlencode|--url-query) /);
  });

  it("has every error's code, status and meaning", () => {
    const rows = [...API_GUIDE.matchAll(/^\| `(\w+)` \| (\d{3}) \| (.+) \|$/gm)].map(([, code, status, meaning]) => [
      code,
      status,
      meaning,
    ]);
    expect(rows).toEqual(Object.entries(PROBLEMS).map(([code, { status, meaning }]) => [code, String(status), meaning]));
  });
});
