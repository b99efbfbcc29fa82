import fc from "fast-check";
import { bodies, damagedBodies } from "./body-texts.ts";
import { NOBODIES } from "./callers.ts";
import { bodySchema, type DescribedJobType, type PlacedOperation, type Schema } from "./description.ts";
import { hostileJson, hostileText } from "./hostile-values.ts";
import { mutated } from "./mutations.ts";
import { filesOf, queries, type Weighted, withKey } from "./request-parts.ts";
import { boundariesOf, valuesOf } from "./schema-values.ts";

/** The body of `POST /batches`: a few items of one type, and now and then a job that follows. */
function batchBodies(body: Schema, jobTypes: readonly DescribedJobType[]): fc.Arbitrary<unknown> {
  const tags = valuesOf(body.properties?.tags ?? {});
  const followUp = fc.constantFrom(
    { type: "canary", input: { op: "echo", value: 1 } },
    { type: "canary", input: { op: "sleep" } },
    { type: "canary", input: { op: "echo", value: 1, batch: 1 } },
    { type: "missing", input: {} },
    { type: "canary", input: [] },
  );
  const typed = jobTypes.map((type) => {
    const files = filesOf(type, body.properties?.files ?? {});
    const item = fc
      .tuple(valuesOf(type.inputSchema), files)
      .map(([input, named]) => ({ input, ...(named === undefined ? {} : { files: named }) }));
    const items = fc.array(item, { minLength: 1, maxLength: 4 }).map((all) => ({ type: type.name, items: all }));
    return { weight: type.name === "canary" ? 3 : 1, arbitrary: items };
  });
  const more = fc.record({ tags, onComplete: followUp }, { requiredKeys: [], noNullPrototype: true });
  return fc.tuple(fc.oneof(...typed), fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, more)).map(([batch, rest]) => ({
    ...batch,
    ...rest,
  }));
}

export function batchRequests(operation: PlacedOperation, jobTypes: readonly DescribedJobType[]): Weighted[] {
  const schema = bodySchema(operation);
  const valid = batchBodies(schema, jobTypes);
  const headers = withKey(
    fc.oneof(
      fc.nat({ max: 30 }).map((key) => `batch-${key}`),
      fc.stringMatching(/^[ -~]{1,20}$/),
    ),
  );
  return [
    [10, "valid", { body: bodies(valid), headers }],
    [6, "at a bound", { body: bodies(boundariesOf(schema)), headers }],
    [6, "mutated", { body: bodies(mutated(valid)), headers }],
    [4, "damaged body", { body: damagedBodies(valid), headers }],
    [2, "any JSON", { body: bodies(hostileJson), headers }],
    [2, "idempotency key", { body: bodies(valid), headers: withKey(hostileText) }],
    [1, "idempotency key", { body: bodies(valid) }],
    [1, "parameters", { body: bodies(valid), headers, query: queries }],
    [1, "caller", { body: bodies(valid), headers, caller: fc.constantFrom(...NOBODIES) }],
  ];
}
