import { isUtf8 } from "node:buffer";
import { isDeepStrictEqual } from "node:util";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { JOB_STATUSES } from "../../../domain/job.ts";
import { isJobId } from "../../../domain/job-id.ts";
import type { Operation } from "../../../domain/routes.ts";
import { hasTwins, isHeld } from "../../support/json-oracles.ts";
import type { BodyText } from "./body-texts.ts";
import {
  bodySchema,
  type DescribedJobType,
  type Description,
  operationsOf,
  type PlacedOperation,
  type Schema,
} from "./description.ts";
import type { KnownState } from "./known-state.ts";
import type { ConcreteRequest } from "./request.ts";

/** What a request asks for, told from the description alone. */
export interface Judgement {
  /** The statuses that it may be answered with: one, but where the description leaves it open. */
  readonly statuses: readonly number[];
  /** Of a request to add a job that the description and the type's schema accept. */
  readonly add?: { readonly type: string; readonly payload: string; readonly idempotencyKey?: string };
}

type BodyVerdict = { readonly value: unknown; readonly lossyInput: boolean } | { readonly refusedWith: number };

/** Stands for a number that no double holds. */
class Lossy {}

/** Judges requests by the description and what is known, without a look at the handlers' code. */
export class RequestJudge {
  readonly #known: KnownState;
  readonly #types: ReadonlyMap<string, ValidateFunction>;
  readonly #isBody: ValidateFunction;
  readonly #isKey: RegExp;
  readonly #limits: { readonly bytes: number; readonly depth: number };
  readonly #limit: Schema;
  readonly #operations: ReadonlyMap<Operation, PlacedOperation>;

  constructor(description: Description, jobTypes: readonly DescribedJobType[], known: KnownState) {
    const operations = new Map(operationsOf(description).map((operation) => [operation.operationId, operation]));
    const [add, list] = [operations.get("addJob"), operations.get("listJobs")];
    if (add === undefined || list === undefined) throw new Error("the description lacks addJob or listJobs");
    const schemaOf = (name: string, parameters = add.parameters) => parameters?.find((one) => one.name === name)?.schema ?? {};
    this.#known = known;
    this.#types = new Map(jobTypes.map(({ name, inputSchema }) => [name, compile(inputSchema)]));
    this.#isBody = compile(bodySchema(add));
    this.#isKey = new RegExp(schemaOf("Idempotency-Key").pattern ?? "", "u");
    this.#limits = { bytes: add.requestBody?.["x-max-bytes"] ?? 0, depth: add.requestBody?.["x-max-depth"] ?? 0 };
    this.#limit = schemaOf("limit", list.parameters);
    this.#operations = operations;
  }

  judge(request: ConcreteRequest): Judgement {
    if (request.routeKey !== undefined) return { statuses: [404] };
    if (this.#hasUndescribed(request)) return { statuses: [400] };
    switch (request.operation) {
      case "addJob":
        return this.#judgeAdd(request);
      case "getJob":
        return { statuses: [this.#visibleJobStatus(request) ?? 200] };
      case "cancelJob":
        return { statuses: [this.#visibleJobStatus(request) ?? this.#cancelStatus(request)] };
      case "listJobs":
        return { statuses: this.#listStatuses(request) };
      default:
        return { statuses: [200] };
    }
  }

  /** Whether the request has a parameter that is not described, one that comes twice, or a body where none is described. */
  #hasUndescribed({ operation, query, repeated = [], body }: ConcreteRequest): boolean {
    const { parameters = [], requestBody } = this.#operations.get(operation) ?? {};
    const described = new Set(parameters.filter((parameter) => parameter.in === "query").map(({ name }) => name));
    const isStray = Object.keys(query).some((name) => !described.has(name));
    return isStray || repeated.length > 0 || (requestBody === undefined && body !== undefined && !isNothing(body));
  }

  #judgeAdd({ caller, body, headers }: ConcreteRequest): Judgement {
    if (caller.principal === undefined) return { statuses: [401] };
    const verdict = readBody(body, this.#limits);
    if ("refusedWith" in verdict) return { statuses: [verdict.refusedWith] };
    const key = Object.entries(headers).find(([name]) => name.toLowerCase() === "idempotency-key")?.[1];
    if (!this.#isBody(verdict.value) || (key !== undefined && !this.#isKey.test(key))) return { statuses: [400] };
    const { type, input, delaySeconds, groupId, tags } = verdict.value as Record<string, unknown>;
    const isInput = this.#types.get(type as string);
    if (isInput === undefined) return { statuses: [404] };
    if (!isInput(input) || verdict.lossyInput) return { statuses: [422] };
    const payload = canonical([type, input, delaySeconds ?? "none", groupId ?? "none", tags ?? "none"]);
    const asked = { type: type as string, payload };
    if (key === undefined) return { statuses: [202], add: asked };
    const earlier = this.#known.payloads.get(JSON.stringify([caller.principal, type, key]));
    const isReused = earlier !== undefined && earlier !== payload;
    return { statuses: [isReused ? 409 : 202], add: { ...asked, idempotencyKey: key } };
  }

  /** The status of a request for a job that the caller cannot see; undefined for one that the caller can. */
  #visibleJobStatus({ id = "", access, caller }: ConcreteRequest): number | undefined {
    if (!isJobId(id)) return 404;
    if (access === "owner" && caller.principal === undefined) return 401;
    const job = this.#known.jobs.get(id);
    return job === undefined || (access === "owner" && job.owner !== caller.principal) ? 404 : undefined;
  }

  #cancelStatus({ id = "" }: ConcreteRequest): number {
    const status = this.#known.jobs.get(id)?.status;
    return status === "RUNNING" ? 202 : status === "SUCCEEDED" || status === "FAILED" ? 409 : 200;
  }

  #listStatuses({ query, access, caller, cursor }: ConcreteRequest): number[] {
    const { type, status, limit } = query;
    if (status !== undefined && !(JOB_STATUSES as readonly string[]).includes(status)) return [400];
    const { minimum = 0, maximum = 0 } = this.#limit;
    const count = Number(limit ?? minimum);
    if (!Number.isInteger(count) || count < minimum || count > maximum || limit === "") return [400];
    if (access === "owner" && caller.principal === undefined) return [401, ...(limit === undefined ? [] : [400])];
    if (cursor === "wrong" || (type !== undefined && !this.#types.has(type))) return [400];
    // A number may be written in other ways ("05", "1e1"), of which the description says nothing.
    return limit === undefined || String(count) === limit ? [200] : [200, 400];
  }
}

/** Whether a body says no more than none: blanks, or an object without members. */
function isNothing({ body, isBase64Encoded }: BodyText): boolean {
  const text = isBase64Encoded ? Buffer.from(body, "base64").toString() : body;
  if (text === "") return true;
  try {
    return isDeepStrictEqual(JSON.parse(`[${text}]`), []) || isDeepStrictEqual(JSON.parse(text), {});
  } catch {
    return false;
  }
}

function readBody(text: BodyText | undefined, limits: { readonly bytes: number; readonly depth: number }): BodyVerdict {
  if (text === undefined) return { refusedWith: 400 };
  const bytes = Buffer.from(text.body, text.isBase64Encoded ? "base64" : "utf8");
  if (bytes.length > limits.bytes) return { refusedWith: 413 };
  if (text.isBase64Encoded && !isUtf8(bytes)) return { refusedWith: 400 };
  try {
    const json = text.isBase64Encoded ? bytes.toString() : text.body;
    const value: unknown = JSON.parse(json);
    if (!json.isWellFormed() || !isUsable(value, limits.depth) || hasTwins(json)) return { refusedWith: 400 };
    const { input, ...rest } = (lossyParts(json) ?? {}) as Record<string, unknown>;
    return isLossy(rest) ? { refusedWith: 400 } : { value, lossyInput: isLossy(input) };
  } catch {
    return { refusedWith: 400 };
  }
}

/** The body with each number that no double holds marked. */
function lossyParts(json: string): unknown {
  return JSON.parse(json, (_, value, { source }) => (typeof value === "number" && !isHeld(source ?? "") ? new Lossy() : value));
}

function isLossy(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return value instanceof Lossy || Object.values(value).some(isLossy);
}

/** Whether nothing nests too deep; without recursion, for it may nest any depth. */
function isUsable(value: unknown, maxDepth: number): boolean {
  const left: { readonly part: unknown; readonly depth: number }[] = [{ part: value, depth: 1 }];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { part, depth } = next;
    if (typeof part !== "object" || part === null) continue;
    if (depth > maxDepth) return false;
    for (const content of Object.values(part)) left.push({ part: content, depth: depth + 1 });
  }
  return true;
}

/** Equal for values that are the same JSON, whatever the order of members. */
export function canonical(value: unknown): string {
  const ordered = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(ordered);
    if (typeof part !== "object" || part === null) return part;
    const members = Object.entries(part).map(([name, content]) => [name, ordered(content)] as const);
    return { members: members.sort(([a], [b]) => (a < b ? -1 : 1)) };
  };
  return JSON.stringify(ordered(value));
}

function compile(schema: Schema): ValidateFunction {
  return new Ajv2020({ strict: false, logger: false, ownProperties: true }).compile(schema);
}
