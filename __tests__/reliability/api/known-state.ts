import type { StoredBatch } from "../../../domain/batch.ts";
import type { StoredJob } from "../../../domain/job.ts";
import { type Operation, ROUTES } from "../../../domain/routes.ts";
import { apiRequest } from "../../../handlers/http/event.ts";
import { encodeCursor } from "../../../handlers/jobs/cursor.ts";
import { readListQuery } from "../../../handlers/jobs/list-query.ts";
import type { BodyText } from "./body-texts.ts";
import type { Caller } from "./callers.ts";
import { isUsable } from "./known-uploads.ts";
import { type ConcreteRequest, eventOf, type GeneratedRequest, type IdChoice, joined, parametersOf } from "./request.ts";

/** A page that was answered, and what it was asked with. */
interface AnsweredPage {
  readonly request: ConcreteRequest;
  readonly cursor: string;
}

interface AcceptedAdd {
  readonly caller: Caller;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: BodyText;
}

const NEVER_ADDED = "canary_01K91ABCDEFGHJKMNPQRSTVWXY";

/** Ways to write a job's ID that name no job. */
const SPELLINGS: readonly ((id: string) => string)[] = [
  (id) => id.toLowerCase(),
  (id) => `${id} `,
  (id) => encodeURIComponent(`${id}/`),
  (id) => `../jobs/${id}`,
  (id) => id.slice(0, 25),
  (id) => `${id}0`,
  // The same time, and another job that never was.
  (id) => id.slice(0, 25) + (id.endsWith("0") ? "1" : "0"),
];

/** What the requests so far have led to: what there is, and what later requests may refer to. */
export class KnownState {
  /** The table's items by ID, as the commits made them. */
  readonly jobs = new Map<string, StoredJob>();
  /** The batches, likewise. */
  readonly batches = new Map<string, StoredBatch>();
  /** IDs that callers were told of, in the order of their 202. */
  readonly accepted: string[] = [];
  /** What each key of an owner was accepted with, for each type. */
  readonly payloads = new Map<string, string>();
  readonly pages: AnsweredPage[] = [];
  readonly adds: AcceptedAdd[] = [];
  /** For which list a cursor was made. */
  readonly #scopes = new Map<string, string>();

  /** The ID that a choice means; the newest job is number 0. */
  idOf(choice: IdChoice, all: readonly string[] = this.accepted): string {
    if ("text" in choice) return choice.text;
    const { length } = all;
    const id = length === 0 ? NEVER_ADDED : (all[length - 1 - (choice.job % length)] as string);
    return choice.spelling === 0 ? id : (SPELLINGS[choice.spelling - 1] as (id: string) => string)(id);
  }

  /** Whether a caller may add a job of a type with this upload as that file. */
  isUsableUpload(principal: string, type: string, name: string, upload: string): boolean {
    return isUsable(principal, type, name, upload);
  }

  /** Requests about batches mean a batch, and now and then a job. */
  #idIn(operation: Operation, choice: IdChoice): string {
    const isOfBatch = ROUTES[operation].path.startsWith("/batches") && "job" in choice && choice.job % 8 > 0;
    return this.idOf(choice, isOfBatch ? [...this.batches.keys()] : this.accepted);
  }

  remember(request: ConcreteRequest, cursor: string): void {
    this.#scopes.set(cursor, scopeOf(request));
    this.pages.push({ request, cursor });
  }

  /** A request with all that it refers to filled in. */
  resolve({ id, query, headers, page, again, ...request }: GeneratedRequest): ConcreteRequest {
    const resolved = {
      ...request,
      ...(id === undefined ? {} : { id: this.#idIn(request.operation, id) }),
      ...parametersOf(query),
      headers: joined(headers),
    };
    const repeated = again === undefined ? undefined : this.adds.at(-1 - (again % Math.max(1, this.adds.length)));
    const continued = page === undefined ? undefined : this.pages.at(-1 - (page.at % Math.max(1, this.pages.length)));
    if (repeated !== undefined) return { ...resolved, ...repeat(repeated, again ?? 0, request.caller), cursor: "none" };
    const asked = continued === undefined ? resolved : this.#continue(resolved, continued, page?.tampering ?? 0);
    const { cursor } = asked.query;
    const isRight = cursor !== undefined && this.#scopes.get(cursor) === scopeOf(asked);
    return { ...asked, cursor: cursor === undefined ? "none" : isRight ? "right" : "wrong" };
  }

  /** The page after an answered one, unless it is tampered with. */
  #continue(
    request: Omit<ConcreteRequest, "cursor">,
    { request: before, cursor }: AnsweredPage,
    tampering: number,
  ): Omit<ConcreteRequest, "cursor"> {
    const { cursor: _, ...filters } = before.query;
    const query: Readonly<Record<string, string>> = { ...filters, cursor };
    const { access, caller, repeated = [] } = before;
    const next = { ...request, access, caller, query, repeated };
    const withCursor = (changed: string) => ({ ...next, query: { ...next.query, cursor: changed } });
    switch (tampering) {
      case 1:
        return withCursor(cursor.slice(0, 40) + (cursor[40] === "A" ? "B" : "A") + cursor.slice(41));
      case 2:
        return withCursor(`${cursor}A`);
      case 3:
        return withCursor(cursor.slice(0, -1));
      case 4:
        return { ...next, caller: request.caller };
      case 5:
        return { ...next, query: { ...next.query, status: next.query.status === "FAILED" ? "QUEUED" : "FAILED" } };
      case 6:
        return withCursor(this.#forged(next));
      case 7:
        return withCursor(`${cursor}==`);
      case 8:
        return withCursor(`${cursor},${cursor}`);
      case 9:
        return withCursor(cursor.repeat(200));
      default:
        return next;
    }
  }

  /** What somebody can make who has read the source: a cursor to the place of another owner's job. */
  #forged(request: Omit<ConcreteRequest, "cursor">): string {
    const others = [...this.jobs.values()].findLast(({ owner }) => owner !== request.caller.principal);
    const asked = readListQuery(apiRequest(eventOf({ ...request, cursor: "none" })));
    const scope = {
      ...asked.filters,
      ...(asked.type === undefined ? {} : { types: [asked.type] }),
      ...(request.access === "owner" ? { owner: request.caller.principal as string } : {}),
    };
    const cursor = encodeCursor(others?.createdAtId ?? `2026-11-02T09:00:00.000Z#${NEVER_ADDED}`, scope);
    this.#scopes.set(cursor, scopeOf(request));
    return cursor;
  }
}

/** What a list is asked for, but for how many jobs of it, and from where on. */
function scopeOf({ query, repeated = [], access, caller }: Omit<ConcreteRequest, "cursor">): string {
  const filters = [...Object.entries(query), ...repeated].filter(([name]) => name !== "limit" && name !== "cursor");
  const texts = new Set(
    filters.map(([name, value]) => JSON.stringify([name, /^created/.test(name) ? Date.parse(value) : value])),
  );
  return JSON.stringify([[...texts].sort(), access === "owner" ? (caller.principal ?? null) : null]);
}

/** The same request again by the same caller, or by another, who then adds a job of their own. */
function repeat(add: AcceptedAdd, again: number, other: Caller): AcceptedAdd {
  return again % 3 === 0 ? { ...add, caller: other } : add;
}
