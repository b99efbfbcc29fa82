import { type RegistryEntry, registryItem } from "@autoscaling-job-queues/domain/job-type-registry";

type AttributeValue =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly BOOL: boolean }
  | { readonly L: readonly AttributeValue[] }
  | { readonly M: Readonly<Record<string, AttributeValue>> };

/**
 * A job type's entry as `aws_dynamodb_table_item` takes it: DynamoDB's JSON.
 *
 * @param literal escapes text for Terraform, which then reads it as it stands; references pass unchanged.
 */
export function registryItemJson(entry: RegistryEntry, references: readonly string[]): string {
  const asText = (text: string) => (references.includes(text) ? text : literal(text));
  return JSON.stringify(
    Object.fromEntries(Object.entries(registryItem(entry)).map(([key, value]) => [key, attribute(value, asText)])),
  );
}

/** Text in which Terraform finds nothing to evaluate. */
export function literal(text: string): string {
  return text.replaceAll(/[$%]{/g, (opening) => `${opening[0]}${opening}`);
}

function attribute(value: unknown, asText: (text: string) => string): AttributeValue {
  if (typeof value === "boolean") return { BOOL: value };
  if (typeof value === "number") return { N: String(value) };
  if (typeof value === "string") return { S: asText(value) };
  if (Array.isArray(value)) return { L: value.map((content) => attribute(content, asText)) };
  return {
    M: Object.fromEntries(Object.entries(value as object).map(([key, content]) => [key, attribute(content, asText)])),
  };
}
