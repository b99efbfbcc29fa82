import type { RegistryEntry } from "@autoscaling-job-queues/domain/job-type-registry";
import { allSchemas, type JsonSchema } from "@autoscaling-job-queues/domain/json-schema";
import { ROUTES } from "@autoscaling-job-queues/domain/routes";

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
 * Adds to a description what each job type asks of its jobs: `components.schemas["<type>.input"]`, and for the body of `POST /jobs` one
 * alternative a type. Types that take no more jobs are left out.
 */
export function withJobTypes(description: ApiDescription, jobTypes: readonly DescribedType[]): ApiDescription {
  const taken = jobTypes.filter(({ retired }) => retired !== true);
  const content = description.paths[ROUTES.addJob.path]?.post?.requestBody?.content["application/json"];
  if (content === undefined || taken.length === 0) return description;
  for (const { name, inputSchema } of taken)
    description.components.schemas[schemaName(name)] = within(schemaName(name), inputSchema);
  content.schema = { ...content.schema, oneOf: taken.map(alternative) };
  return description;
}

const schemaName = (type: string): string => `${type}.input`;
const reference = (name: string): string => `#/components/schemas/${name}`;

/** What the body for one type is, beside what it is for all. */
function alternative({ name, description, files = {} }: DescribedType): JsonSchema {
  const required = Object.entries(files).flatMap(([file, declared]) => (declared.required ? [file] : []));
  const named = Object.entries(files).map(([file, declared]) => [file, { type: "string", description: declared.description }]);
  return {
    title: name,
    description,
    required: ["type", "input", ...(required.length === 0 ? [] : ["files"])],
    properties: {
      type: { const: name },
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
