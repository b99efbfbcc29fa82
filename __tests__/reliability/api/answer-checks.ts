import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import type { Operation } from "../../../domain/routes.ts";
import type { ApiResponse } from "../../../handlers/http/event.ts";
import { type Description, operationsOf, type PlacedOperation, type Schema } from "./description.ts";
import { leaksOf } from "./leaks.ts";

const FORMATS = { "date-time": /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, uri: URL.canParse };

/** What every answer of a Lambda carries, whatever it answers. */
const SECURITY_HEADERS = { "cache-control": "no-store", "x-content-type-options": "nosniff" } as const;

/** Checks answers against the description: an answer that it does not allow is a contradiction. */
export class AnswerChecks {
  readonly #operations: ReadonlyMap<Operation, PlacedOperation>;
  readonly #ajv = new Ajv2020({ allErrors: true, strict: false, ownProperties: true, formats: FORMATS });
  readonly #validators = new Map<string, ValidateFunction>();

  constructor(description: Description) {
    this.#operations = new Map(operationsOf(description).map((operation) => [operation.operationId, operation]));
    for (const [name, schema] of Object.entries(description.components.schemas)) this.#ajv.addSchema(closed(schema), name);
  }

  /** What the description, and the promise of every answer, say against an answer of a Lambda: most often nothing. */
  contradictions(operation: Operation, answer: ApiResponse, request: string): string[] {
    const { statusCode, headers, body } = answer;
    const { "content-type": contentType = "", ...others } = headers;
    return [
      ...unlikeAnyAnswer(answer),
      ...this.#undescribed(operation, statusCode, contentType, others, body),
      ...(operation === "describeApi" && statusCode < 400 ? [] : leaks(body, others, request)),
    ];
  }

  /** The same of an answer to what is no route: 404 with a problem. */
  ofNoRoute(answer: ApiResponse, request: string): string[] {
    const { statusCode, headers, body } = answer;
    const { code } = JSON.parse(body) as { readonly code?: string };
    return [
      ...unlikeAnyAnswer(answer),
      ...(statusCode === 404 && code === "RouteNotFound" ? [] : [`what is no route was answered ${statusCode} ${code}`]),
      ...this.#errors("no route", { $ref: "#/components/schemas/Problem" }, JSON.parse(body)),
      ...leaks(body, headers, request),
    ];
  }

  #undescribed(
    operation: Operation,
    status: number,
    contentType: string,
    headers: Readonly<Record<string, string>>,
    body: string,
  ): string[] {
    const described = this.#operations.get(operation)?.responses[status];
    if (described === undefined) return [`${operation} describes no ${status}`];
    const schema = described.content[contentType]?.schema;
    if (schema === undefined) return [`${operation} describes no ${contentType} for ${status}`];
    const byName = new Map(Object.entries(described.headers ?? {}).map(([name, header]) => [name.toLowerCase(), header]));
    const wrongHeaders = Object.entries(headers).flatMap(([name, value]) => {
      const header = byName.get(name);
      if (header === undefined) return [`${operation} describes no header ${name} for ${status}`];
      const isNumber = header.schema.type === "integer";
      return this.#errors(`${operation} ${status} ${name}`, header.schema, isNumber ? Number(value) : value);
    });
    const missing = [...byName].filter(([name, { required = false }]) => required && !(name in headers));
    return [
      ...wrongHeaders,
      ...missing.map(([name]) => `the header ${name} is missing from ${status}`),
      ...this.#errors(`${operation} ${status} ${contentType}`, schema, JSON.parse(body)),
    ];
  }

  #errors(name: string, schema: Schema, value: unknown): string[] {
    const validate = this.#validators.get(name) ?? this.#ajv.compile(closed(schema));
    this.#validators.set(name, validate);
    if (validate(value)) return [];
    return (validate.errors ?? []).map(({ instancePath, message }) => `${name}: ${instancePath} ${message}`);
  }
}

function unlikeAnyAnswer({ statusCode, headers }: ApiResponse): string[] {
  const contentType = headers["content-type"] ?? "";
  const missing = Object.entries(SECURITY_HEADERS)
    .filter(([name, value]) => headers[name] !== value)
    .map(([name]) => `the header ${name} is ${headers[name] ?? "missing"}`);
  const expectedType = statusCode >= 400 ? "application/problem+json" : "application/json";
  return [
    ...(statusCode >= 500 ? [`it failed with ${statusCode}`] : []),
    ...missing,
    ...(contentType === expectedType ? [] : [`its content type is ${contentType}`]),
  ];
}

function leaks(body: string, headers: Readonly<Record<string, string>>, request: string): string[] {
  return leaksOf([JSON.parse(body), headers], request).map((told) => `it tells of ${JSON.stringify(told)}`);
}

/**
 * The same schema, without room for members that it does not name: clients must put up with new ones, but a member that
 * nobody described may be one that nobody meant to show. References name components as the validator knows them.
 */
function closed(schema: Schema): Schema {
  const of = (part: unknown): unknown => (typeof part === "object" && part !== null ? closed(part as Schema) : part);
  const { properties, additionalProperties, items, allOf, $ref, ...rest } = schema;
  return {
    ...rest,
    ...($ref === undefined ? {} : { $ref: String($ref).replace("#/components/schemas/", "") }),
    ...(allOf === undefined ? {} : { allOf: (allOf as readonly Schema[]).map(closed) }),
    ...(items === undefined ? {} : { items: closed(items) }),
    ...(properties === undefined ? {} : { properties: mapValues(properties, (property) => of(property) as Schema) }),
    ...(additionalProperties !== undefined
      ? { additionalProperties }
      : rest.type === "object" && properties !== undefined
        ? { additionalProperties: false }
        : {}),
  };
}

function mapValues<Value, Mapped>(
  record: Readonly<Record<string, Value>>,
  map: (value: Value) => Mapped,
): Record<string, Mapped> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}
