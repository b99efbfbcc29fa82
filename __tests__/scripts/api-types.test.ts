import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { API_TYPES_FILE, apiTypes } from "../../scripts/api-types.ts";

it("the client's types are those of the API's description; npm run api-types makes them anew", async () => {
  expect(await readFile(API_TYPES_FILE, "utf8")).toBe(await apiTypes());
});
