import type { FileReference } from "./define-job.ts";
import { failure } from "./handler-failure.ts";
import { isJson } from "./json-text.ts";
import type { RunOutcome } from "./runner.ts";

/** Outputs up to this length, in characters, are parsed and written again: that takes milliseconds. */
const MAX_PARSED_CHARACTERS = 65_536;

/**
 * The result of a command that succeeded: its output, and under `files` the files that it left. A result that is no object
 * stands under `value` where there are files. Large outputs are checked without being parsed, and kept as they were written.
 */
export async function commandResult(output: string, files: Readonly<Record<string, FileReference>>): Promise<RunOutcome> {
  const hasFiles = Object.keys(files).length > 0;
  const text = output.trim();
  if (text === "") return { kind: "returned", json: hasFiles ? JSON.stringify({ files }) : undefined };
  if (text.length > MAX_PARSED_CHARACTERS) {
    if (!(await isJson(text))) return noJson();
    return { kind: "returned", json: hasFiles ? withFiles(text, JSON.stringify(files)) : text };
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return noJson();
  }
  if (!hasFiles) return { kind: "returned", json: JSON.stringify(value) };
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return { kind: "returned", json: JSON.stringify(isObject ? { ...(value as object), files } : { value, files }) };
}

/** @param text JSON that is not empty. A member `files` of its own comes before ours, and readers take the last. */
function withFiles(text: string, files: string): string {
  if (/^\{\s*\}$/.test(text)) return `{"files":${files}}`;
  return text.startsWith("{") ? `${text.slice(0, -1)},"files":${files}}` : `{"value":${text},"files":${files}}`;
}

function noJson(): RunOutcome {
  return failure("ResultNotSerializable", "the command's standard output is no JSON", true);
}
