import type { Operation } from "../../../domain/routes.ts";

/** A JSON Schema, draft 2020-12, as far as these tests read it. */
export interface Schema {
  readonly [keyword: string]: unknown;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly maxProperties?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly propertyNames?: Schema;
  readonly additionalProperties?: boolean | Schema;
}

export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required?: boolean;
  readonly schema: Schema;
}

export interface DescribedResponse {
  readonly description: string;
  readonly headers?: Readonly<Record<string, { readonly required?: boolean; readonly schema: Schema }>>;
  readonly content: Readonly<Record<string, { readonly schema: Schema }>>;
}

export interface DescribedOperation {
  readonly operationId: Operation;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: Schema }>>;
    readonly "x-max-bytes": number;
    readonly "x-max-depth": number;
  };
  readonly responses: Readonly<Record<string, DescribedResponse>>;
}

/** An operation as it stands in the description, where operations share answers. */
interface WrittenOperation extends Omit<DescribedOperation, "responses"> {
  readonly responses: Readonly<Record<string, DescribedResponse | { readonly $ref: string }>>;
}

/** What `GET /openapi.json` answers. */
export interface Description {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, WrittenOperation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly responses: Readonly<Record<string, DescribedResponse>>;
  };
}

/** A job type, as `GET /job-types` answers it. */
export interface DescribedJobType {
  readonly name: string;
  readonly inputSchema: Schema;
  readonly files: Readonly<
    Record<string, { readonly maxBytes: number; readonly required: boolean; readonly contentTypes?: readonly string[] }>
  >;
}

/** An operation with its place in the description. */
export interface PlacedOperation extends DescribedOperation {
  readonly method: string;
  readonly path: string;
}

export function operationsOf({ paths, components }: Description): PlacedOperation[] {
  const responseOf = (response: WrittenOperation["responses"][string]): DescribedResponse => {
    if (!("$ref" in response)) return response;
    const shared = components.responses[response.$ref.replace("#/components/responses/", "")];
    if (shared === undefined) throw new Error(`the description lacks ${response.$ref}`);
    return shared;
  };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { responses, ...operation }]) => ({
      ...operation,
      responses: Object.fromEntries(Object.entries(responses).map(([status, response]) => [status, responseOf(response)])),
      path,
      method: method.toUpperCase(),
    })),
  );
}

/** The schema of an operation's body, for jobs of every type: what one type asks for, `GET /job-types` says. */
export function bodySchema({ requestBody }: DescribedOperation): Schema {
  const described = requestBody?.content["application/json"]?.schema;
  if (described === undefined) throw new Error("the operation describes no body");
  const { oneOf: _, ...schema } = described;
  return schema;
}
