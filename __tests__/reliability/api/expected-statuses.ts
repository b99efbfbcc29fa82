import { isDeepStrictEqual } from "node:util";
import type { ValidateFunction } from "ajv/dist/2020.js";
import { isJobId } from "../../../domain/job-id.ts";
import type { Operation } from "../../../domain/routes.ts";
import { BatchJudge } from "./batch-judge.ts";
import type { BodyText } from "./body-texts.ts";
import { canonical, compile, readBody } from "./body-verdict.ts";
import {
  bodySchema,
  type DescribedJobType,
  type Description,
  operationsOf,
  type PlacedOperation,
  type Schema,
} from "./description.ts";
import { exactTime } from "./exact-time.ts";
import type { KnownState } from "./known-state.ts";
import type { ConcreteRequest } from "./request.ts";

/** What a request asks for, told from the description alone. */
export interface Judgement {
  /** The statuses that it may be answered with: one, but where the description leaves it open. */
  readonly statuses: readonly number[];
  /** Of a request to add a job that the description and the type's schema accept. */
  readonly add?: { readonly type: string; readonly payload: string; readonly idempotencyKey?: string };
  /** Of a request to add a batch that is accepted for the first time. */
  readonly batch?: { readonly key: string; readonly payload: string };
}

/** Judges requests by the description and what is known, without a look at the handlers' code. */
export class RequestJudge {
  readonly #known: KnownState;
  readonly #types: ReadonlyMap<string, ValidateFunction>;
  readonly #files: ReadonlyMap<string, DescribedJobType["files"]>;
  readonly #batches: BatchJudge;
  readonly #isBody: ValidateFunction;
  readonly #isUpload: ValidateFunction;
  readonly #isPause: ValidateFunction;
  readonly #isKey: RegExp;
  readonly #limits: { readonly bytes: number; readonly depth: number };
  /** By operation and name. */
  readonly #isParameter = new Map<string, (values: readonly string[]) => boolean>();
  readonly #operations: ReadonlyMap<Operation, PlacedOperation>;

  constructor(description: Description, jobTypes: readonly DescribedJobType[], known: KnownState) {
    const operations = new Map(operationsOf(description).map((operation) => [operation.operationId, operation]));
    const add = operations.get("addJob");
    const upload = operations.get("createUpload");
    const batch = operations.get("addBatch");
    const pause = operations.get("pauseJobType");
    if (add === undefined || upload === undefined || batch === undefined || pause === undefined) {
      throw new Error("the description lacks addJob, addBatch, createUpload or pauseJobType");
    }
    const schemaOf = (name: string) => add.parameters?.find((one) => one.name === name)?.schema ?? {};
    this.#known = known;
    this.#types = new Map(jobTypes.map(({ name, inputSchema }) => [name, compile(inputSchema)]));
    this.#files = new Map(jobTypes.map(({ name, files }) => [name, files]));
    this.#batches = new BatchJudge(batch, known, this.#types, this.#files);
    this.#isBody = compile(bodySchema(add));
    this.#isUpload = compile(bodySchema(upload));
    this.#isPause = compile(bodySchema(pause));
    this.#isKey = new RegExp(schemaOf("Idempotency-Key").pattern ?? "", "u");
    this.#limits = { bytes: add.requestBody?.["x-max-bytes"] ?? 0, depth: add.requestBody?.["x-max-depth"] ?? 0 };
    for (const { operationId, parameters = [] } of operations.values()) {
      for (const { name, schema } of parameters) this.#isParameter.set(`${operationId} ${name}`, parameterCheck(schema));
    }
    this.#operations = operations;
  }

  judge(request: ConcreteRequest): Judgement {
    if (request.routeKey !== undefined) return { statuses: [404] };
    if (this.#hasUndescribed(request) || this.#hasWrongParameter(request)) return { statuses: [400] };
    const { statuses, ...asked } = this.#judgeOperation(request);
    // A number may be written in other ways ("05", "1e1"), of which the description says nothing.
    const isOddNumber = ["limit", "waitSeconds", "hours"].some(
      (name) => String(Number(request.query[name] ?? 1)) !== (request.query[name] ?? "1"),
    );
    return { statuses: isOddNumber ? [...statuses, 400] : statuses, ...asked };
  }

  #judgeOperation(request: ConcreteRequest): Judgement {
    switch (request.operation) {
      case "addJob":
        return this.#judgeAdd(request);
      case "addBatch": {
        const { status, accepted } = this.#batches.judgeAdd(request);
        return { statuses: [status], ...(accepted === undefined ? {} : { batch: accepted }) };
      }
      case "getBatch":
      case "listBatchJobs":
        return { statuses: [this.#batches.judgeOne(request, 200)] };
      case "cancelBatch":
        return { statuses: [this.#batches.judgeOne(request, 202)] };
      case "createUpload":
        return { statuses: [this.#uploadStatus(request)] };
      case "pauseJobType":
        return { statuses: [this.#pauseStatus(request)] };
      case "resumeJobType":
        return { statuses: [request.caller.principal === undefined ? 401 : this.#typeStatus(request)] };
      case "jobTypeStatus":
        return { statuses: [this.#typeStatus(request)] };
      case "getJob":
      case "whyJob":
        return { statuses: [this.#visibleJobStatus(request) ?? 200] };
      case "cancelJob":
        return { statuses: [this.#visibleJobStatus(request) ?? this.#cancelStatus(request)] };
      case "retryJob":
        return { statuses: [this.#visibleJobStatus(request) ?? (this.#hasEnded(request) ? 202 : 409)] };
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
    const isTwice = repeated.some(([name]) => parameters.find((one) => one.name === name)?.schema.type !== "array");
    return isStray || isTwice || (requestBody === undefined && body !== undefined && !isNothing(body));
  }

  #judgeAdd({ caller, body, headers }: ConcreteRequest): Judgement {
    if (caller.principal === undefined) return { statuses: [401] };
    const verdict = readBody(body, this.#limits);
    if ("refusedWith" in verdict) return { statuses: [verdict.refusedWith] };
    const key = Object.entries(headers).find(([name]) => name.toLowerCase() === "idempotency-key")?.[1];
    if (!this.#isBody(verdict.value) || (key !== undefined && !this.#isKey.test(key))) return { statuses: [400] };
    const { type, input, files, delaySeconds, runAt, groupId, tags } = verdict.value as Record<string, unknown>;
    if (runAt !== undefined && (!isTime(runAt) || delaySeconds !== undefined)) return { statuses: [400] };
    const isOutOfRange = runAt !== undefined && !isWithinAYear(runAt);
    if (isOutOfRange && key === undefined) return { statuses: [400] };
    const isInput = this.#types.get(type as string);
    if (isInput === undefined) return { statuses: [404] };
    if (!isInput(input) || verdict.lossyInput) return { statuses: [422] };
    const uploads = (files ?? {}) as Readonly<Record<string, string>>;
    if (!this.#areDeclared(type as string, uploads)) return { statuses: [422] };
    const due = runAt === undefined ? (delaySeconds ?? "none") : { at: exactTime(String(runAt)) };
    const payload = canonical([type, input, files ?? "none", due, groupId ?? "none", tags ?? "none"]);
    const asked = { type: type as string, payload };
    const earlier = key === undefined ? undefined : this.#known.payloads.get(JSON.stringify([caller.principal, type, key]));
    // What was accepted is so, whatever has become of its uploads.
    if (earlier !== undefined)
      return { statuses: [earlier === payload ? 202 : 409], add: { ...asked, idempotencyKey: key as string } };
    // The key's job may have been added when its time was still to come.
    if (isOutOfRange) return { statuses: [400] };
    const isThere = ([name, upload]: [string, string]) =>
      this.#known.isUsableUpload(caller.principal as string, type as string, name, upload);
    if (!Object.entries(uploads).every(isThere)) return { statuses: [422] };
    return { statuses: [202], add: key === undefined ? asked : { ...asked, idempotencyKey: key } };
  }

  /** Whether a job of the type takes all of these files, and has all that it needs. */
  #areDeclared(type: string, uploads: Readonly<Record<string, string>>): boolean {
    const declared = this.#files.get(type) ?? {};
    const isTaken = (name: string): boolean => Object.hasOwn(declared, name);
    const isThere = ([name, { required }]: [string, { readonly required: boolean }]): boolean =>
      !required || Object.hasOwn(uploads, name);
    return Object.keys(uploads).every(isTaken) && Object.entries(declared).every(isThere);
  }

  #uploadStatus({ caller, body }: ConcreteRequest): number {
    if (caller.principal === undefined) return 401;
    const verdict = readBody(body, this.#limits);
    if ("refusedWith" in verdict) return verdict.refusedWith;
    if (!this.#isUpload(verdict.value)) return 400;
    const {
      type,
      name,
      bytes,
      contentType = "application/octet-stream",
    } = verdict.value as {
      readonly [member in "type" | "name" | "contentType"]: string;
    } & { readonly bytes: number };
    const declared = this.#files.get(type);
    if (declared === undefined) return 404;
    const file = Object.hasOwn(declared, name) ? declared[name] : undefined;
    if (file === undefined) return 422;
    if (bytes > file.maxBytes) return 413;
    const [essence = ""] = contentType.toLowerCase().split(";");
    return file.contentTypes?.includes(essence.trim()) === false ? 422 : 201;
  }

  #typeStatus({ name = "" }: ConcreteRequest): number {
    return this.#types.has(name) ? 200 : 404;
  }

  #pauseStatus(request: ConcreteRequest): number {
    const { caller, body } = request;
    if (caller.principal === undefined) return 401;
    if (body === undefined || isNothing(body)) return this.#typeStatus(request);
    const verdict = readBody(body, this.#limits);
    if ("refusedWith" in verdict) return verdict.refusedWith;
    return this.#isPause(verdict.value) ? this.#typeStatus(request) : 400;
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

  #hasEnded({ id = "" }: ConcreteRequest): boolean {
    return ["SUCCEEDED", "FAILED", "CANCELLED"].includes(this.#known.jobs.get(id)?.status ?? "");
  }

  /** Whether a parameter misses its schema. Whether a type is there, and a cursor belongs, is told of somebody only. */
  #hasWrongParameter({ operation, query, repeated = [] }: ConcreteRequest): boolean {
    const given = Map.groupBy([...Object.entries(query), ...repeated], ([name]) => name);
    return [...given].some(([name, parts]) => {
      const isRight = this.#isParameter.get(`${operation} ${name}`)?.(parts.map(([, value]) => value)) ?? true;
      return !isRight && name !== "type" && name !== "cursor";
    });
  }

  #listStatuses({ query: { type, createdAfter = "", createdBefore = "" }, access, caller, cursor }: ConcreteRequest): number[] {
    if (exactTime(createdAfter) > exactTime(createdBefore)) return [400];
    if (access === "owner" && caller.principal === undefined) return [401];
    return cursor === "wrong" || (type !== undefined && !this.#types.has(type)) ? [400] : [200];
  }
}

/** Whether the values of a query parameter meet its schema. */
function parameterCheck(schema: Schema): (values: readonly string[]) => boolean {
  const isValue = compile(schema);
  const isOne = schema.format === "date-time" ? isTime : isValue;
  return (values) => {
    if (schema.type === "array") return isValue(values) === true;
    const [value = ""] = values;
    return isOne(schema.type !== "integer" ? value : value === "" ? Number.NaN : Number(value)) === true;
  };
}

/** RFC 3339, with a day that the calendar has. */
function isTime(value: unknown): boolean {
  const [, year, month, day] =
    /^(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/
      .exec(String(value))
      ?.map(Number) ?? [];
  if (year === undefined || month === undefined || day === undefined) return false;
  return month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
}

/** Whether a job may be due then, whose request is judged now. */
function isWithinAYear(time: unknown): boolean {
  const seconds = exactTime(String(time)) - Date.now() / 1_000;
  return seconds >= 0 && seconds <= 365 * 86_400;
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
