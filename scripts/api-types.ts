import { writeFile } from "node:fs/promises";
import openapiTS, { astToString } from "openapi-typescript";
import { openApi } from "../handlers/openapi/description.ts";

/** The types of the API that the client is made of. */
export const API_TYPES_FILE = "client/openapi.ts";

const HEAD = "// Made from the API's OpenAPI description by npm run api-types; a test tells when it is no longer that.\n\n";

/** The types of what the API answers, as its OpenAPI description has them. The calls themselves are the client's. */
export async function apiTypes(): Promise<string> {
  const description = { ...openApi(), paths: {} } as Parameters<typeof openapiTS>[0];
  return HEAD + astToString(await openapiTS(description, { immutable: true, emptyObjectsUnknown: true }));
}

if (import.meta.main) await writeFile(API_TYPES_FILE, await apiTypes());
