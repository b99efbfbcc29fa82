import type { RegistryEntry } from "@autoscaling-job-queues/domain/job-type-registry";
import { allSchemas, type JsonSchema } from "@autoscaling-job-queues/domain/json-schema";
import { ROUTES, type Route } from "@autoscaling-job-queues/domain/routes";

/** The description, as far as job types change it. */
export interface ApiDescription {
  readonly paths: Readonly<Record<string, { readonly post?: { readonly requestBody?: { readonly content: JsonContent } } }>>;
  readonly components: { readonly schemas: Record<string, JsonSchema> };
}
interface JsonContent {
  readonly "application/json": { schema: JsonSchema };
}

type DescribedType = Pick<RegistryEntry, "name" | "description" | "inputSchema" | "files" | "retired">;

/**
 * Adds to a description what each job type asks of its jobs: `components.schemas["<type>.input"]`, and for the bodies of `POST /jobs` and
 * `POST /batches` one alternative a type. Types that take no more jobs are left out.
 */
export function withJobTypes(description: ApiDescription, jobTypes: readonly DescribedType[]): ApiDescription {
  const taken = jobTypes.filter(({ retired }) => retired !== true);
  const bodyOf = ({ path }: Route) => description.paths[path]?.post?.requestBody?.content["application/json"];
  const [one, many] = [bodyOf(ROUTES.addJob), bodyOf(ROUTES.addBatch)];
  if (one === undefined || many === undefined || taken.length === 0) return description;
  for (const { name, inputSchema } of taken)
    description.components.schemas[schemaName(name)] = within(schemaName(name), inputSchema);
  one.schema = { ...one.schema, oneOf: taken.map((type) => alternative(type, jobOf(type))) };
  many.schema = {
    ...many.schema,
    oneOf: taken.map((type) => alternative(type, { properties: { items: { type: "array", items: jobOf(type) } } })),
  };
  return description;
}

const schemaName = (type: string): string => `${type}.input`;
const reference = (name: string): string => `#/components/schemas/${name}`;

/** What the body for one type is, beside what it is for all. */
function alternative({ name, description }: DescribedType, { required = [], properties }: Part): JsonSchema {
  return { title: name, description, required: ["type", ...required], properties: { type: { const: name }, ...properties } };
}

interface Part {
  readonly required?: readonly string[];
  readonly properties: Readonly<Record<string, JsonSchema>>;
}

/** What a type asks of one job. */
function jobOf({ name, files = {} }: DescribedType): Part {
  const required = Object.entries(files).flatMap(([file, declared]) => (declared.required ? [file] : []));
  const named = Object.entries(files).map(([file, declared]) => [file, { type: "string", description: declared.description }]);
  return {
    required: ["input", ...(required.length === 0 ? [] : ["files"])],
    properties: {
      input: { $ref: reference(schemaName(name)) },
      files: { type: "object", properties: Object.fromEntries(named), required, additionalProperties: false },
    },
  };
}

/** A schema as a part of the description: its references to itself lead from the root of that. */
function within(name: string, inputSchema: JsonSchema): JsonSchema {
  const { $schema: _, ...schema } = structuredClone(inputSchema) as Record<string, unknown>;
  for (const one of allSchemas(schema)) {
    const inner = one.schema as Record<string, unknown>;
    if (typeof inner.$ref === "string" && inner.$ref.startsWith("#")) inner.$ref = `${reference(name)}${inner.$ref.slice(1)}`;
  }
  return schema;
}
