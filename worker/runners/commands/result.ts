import type { FileReference } from "../../define-job.ts";
import { failure } from "../handler-failure.ts";
import { isJson } from "../is-json.ts";
import { MAX_DEPTH } from "../lossless-json.ts";
import type { RunOutcome } from "../runner.ts";

/**
 * The result of a command that succeeded: its output as it was written, every digit and member in its place. The files that it
 * left stand under `files` in it. An output that is not an object, or has `files` of its own, stands under `value` then.
 */
export async function commandResult(output: string, files: Readonly<Record<string, FileReference>>): Promise<RunOutcome> {
  const references = Object.keys(files).length === 0 ? undefined : JSON.stringify(files);
  const text = withoutBlanks(output);
  if (text === "") return { kind: "returned", json: references === undefined ? undefined : `{"files":${references}}` };
  let isEmpty = true;
  let hasFiles = false;
  const onMember = (name: string): void => {
    isEmpty = false;
    hasFiles ||= name === "files";
  };
  if (!(await isJson(text, onMember))) {
    const message = `the command's standard output is not JSON, or has more than ${MAX_DEPTH} levels`;
    return failure("ResultNotSerializable", message, true);
  }
  if (references === undefined) return { kind: "returned", json: text };
  if (!text.startsWith("{") || hasFiles) return { kind: "returned", json: `{"value":${text},"files":${references}}` };
  return { kind: "returned", json: `${text.slice(0, -1)}${isEmpty ? "" : ","}"files":${references}}` };
}

/** Without what JSON lets stand around a value; other blanks, such as a byte order mark, are not JSON. */
function withoutBlanks(output: string): string {
  let [start, end] = [0, output.length];
  while (start < end && isBlank(output.charCodeAt(start))) start += 1;
  while (end > start && isBlank(output.charCodeAt(end - 1))) end -= 1;
  return output.slice(start, end);
}

function isBlank(character: number): boolean {
  return character === 0x20 || (character >= 0x09 && character <= 0x0d && character !== 0x0b && character !== 0x0c);
}
