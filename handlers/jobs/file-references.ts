import type { PayloadLocation } from "@autoscaling-job-queues/domain/job";
import { JsonWalk } from "@autoscaling-job-queues/domain/json-walk";

/** A file that a job stored, as it stands in the job's result. */
export interface FileReference extends PayloadLocation {
  readonly contentType: string;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** A file reference in a JSON text, with the places to write a link at. */
export interface FoundFile {
  readonly file: FileReference;
  readonly start: number;
  /** Past the closing bracket of its object. */
  readonly end: number;
  /** The value of a member `url` that it has already. */
  readonly url: Span | undefined;
}

/** An object or array that the walk is in. */
interface Open {
  readonly start: number;
  /** Where the values of members are that a reference may have. */
  readonly members: Map<string, Span>;
}

const MEMBERS: ReadonlySet<unknown> = new Set(["bucket", "key", "bytes", "contentType", "url"]);

/**
 * Finds the file references in a result, in the order of the text: objects with the members `bucket`, `key`, `bytes` and
 * `contentType`. What is within a reference is a part of it.
 */
export function findFiles(text: string): FoundFile[] {
  const found: FoundFile[] = [];
  const open: Open[] = [];
  const walk = new JsonWalk(text);
  const ended = (start: number, end: number): void => {
    if (MEMBERS.has(walk.key)) open[walk.depth - 1]?.members.set(walk.key as string, { start, end });
  };
  walk.run({
    open: (start) => {
      open[walk.depth] = { start, members: new Map() };
    },
    close: (end) => {
      const { start, members } = open[walk.depth] as Open;
      const file = fileReference(text, members);
      if (file !== undefined) {
        while ((found.at(-1)?.start ?? 0) > start) found.pop();
        found.push({ file, start, end, url: members.get("url") });
      }
      ended(start, end);
    },
    scalar: ended,
  });
  return found;
}

function fileReference(text: string, members: ReadonlyMap<string, Span>): FileReference | undefined {
  const [bucket, key, bytes, contentType] = ["bucket", "key", "bytes", "contentType"].map((name) => {
    const { start = 0, end = 0 } = members.get(name) ?? {};
    // A value that is neither text nor number does not belong to a reference.
    return /^["\d]/.test(text.charAt(start)) && end > 0 ? (JSON.parse(text.slice(start, end)) as unknown) : undefined;
  });
  const isReference =
    typeof bucket === "string" && typeof key === "string" && typeof bytes === "number" && typeof contentType === "string";
  return isReference ? { bucket, key, bytes, contentType } : undefined;
}
