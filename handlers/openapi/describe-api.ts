import type { Answer } from "../http/api-handler.ts";
import { jsonResponse } from "../http/event.ts";

/** The file of the description, which the build writes beside the Lambda's bundle. */
export const DESCRIPTION_FILE = "openapi.json";

/** `GET /openapi.json`. @param read reads its JSON; few calls ask for it, and none of the others waits for it. */
export function describeApi(read: () => Promise<string>): Answer {
  return async () => jsonResponse(200, await read());
}
