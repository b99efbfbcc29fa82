import type { Answer } from "../http/api-handler.ts";
import { jsonResponse } from "../http/event.ts";

/** The file of the description, which the build writes beside the Lambda's bundle. */
export const DESCRIPTION_FILE = "openapi.json";

/** `GET /openapi.json`. @param description its JSON. */
export function describeApi(description: string): Answer {
  return async () => jsonResponse(200, description);
}
