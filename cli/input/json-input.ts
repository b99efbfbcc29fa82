import { JsonText } from "@autoscaling-job-queues/client/json-text";
import { parseTree } from "jsonc-parser";
import { UsageError } from "../cli-error.ts";

/** JSON that goes to the API as the text it is. @throws UsageError that says where it is not JSON. */
export function jsonInput(option: string, text: string): JsonText {
  checkJson(option, text);
  return new JsonText(text.trim());
}

/** The elements of a JSON array, or JSON documents of a line each, every one as its text. @throws UsageError */
export function jsonItems(option: string, text: string): readonly JsonText[] {
  if (!text.trimStart().startsWith("[")) {
    const lines = text.split("\n").map((line, index) => ({ line: line.trim(), number: index + 1 }));
    return lines.filter(({ line }) => line !== "").map(({ line, number }) => jsonInput(`${option}, line ${number},`, line));
  }
  checkJson(option, text);
  return (parseTree(text)?.children ?? []).map(({ offset, length }) => new JsonText(text.slice(offset, offset + length)));
}

function checkJson(option: string, text: string): void {
  try {
    JSON.parse(text);
  } catch (error) {
    const hint = text.trimStart().startsWith("'") ? "; this shell leaves single quotes as they are: use @file or -" : "";
    throw new UsageError(`${option} is not JSON: ${(error as Error).message}${hint}`);
  }
}
