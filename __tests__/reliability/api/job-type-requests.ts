import fc from "fast-check";
import { bodies, damagedBodies } from "./body-texts.ts";
import { NOBODIES } from "./callers.ts";
import { bodySchema, type DescribedJobType, type PlacedOperation } from "./description.ts";
import { hostileJson, hostileText } from "./hostile-values.ts";
import { mutated } from "./mutations.ts";
import { asText, oddHeaders, queries, type Weighted } from "./request-parts.ts";
import { boundariesOf, valuesOf } from "./schema-values.ts";

/** Requests about a type: of those there are, or of any other name. */
export function namedRequests({ parameters = [] }: PlacedOperation, jobTypes: readonly DescribedJobType[]): Weighted[] {
  const schema = parameters.find(({ name }) => name === "name")?.schema ?? {};
  const name = fc.constantFrom(...jobTypes.map((jobType) => jobType.name));
  const others = fc
    .oneof(
      valuesOf(schema),
      boundariesOf(schema),
      hostileText,
      fc.constantFrom("job-types", "canary_controls", "x".repeat(10_000)),
    )
    .map(asText);
  return [
    [6, "valid", { name }],
    [4, "parameters", { name: others }],
    [1, "parameters", { name, query: queries }],
    [1, "headers", { name, headers: oddHeaders }],
    [1, "unasked body", { name, body: bodies(hostileJson) }],
    [1, "caller", { name, caller: fc.constantFrom(...NOBODIES) }],
  ];
}

export function pauseRequests(operation: PlacedOperation, jobTypes: readonly DescribedJobType[]): Weighted[] {
  const schema = bodySchema(operation);
  const valid = valuesOf(schema);
  const name = fc.constantFrom(...jobTypes.map((jobType) => jobType.name));
  const withBody = ([weight, kind, parts]: Weighted): Weighted => [weight, kind, { body: bodies(valid), ...parts }];
  return [
    ...namedRequests(operation, jobTypes).map(withBody),
    [2, "valid", { name }],
    [4, "at a bound", { name, body: bodies(boundariesOf(schema)) }],
    [4, "mutated", { name, body: bodies(mutated(valid)) }],
    [3, "damaged body", { name, body: damagedBodies(valid) }],
  ];
}
