import fc from "fast-check";
import { batchRequests } from "./batch-requests.ts";
import { bodies, bodiesAround, damagedBodies } from "./body-texts.ts";
import { NOBODIES, OWNERS } from "./callers.ts";
import {
  bodySchema,
  type DescribedJobType,
  type Description,
  operationsOf,
  type PlacedOperation,
  type Schema,
} from "./description.ts";
import { hostileJson, hostileName, hostileText } from "./hostile-values.ts";
import { namedRequests, pauseRequests } from "./job-type-requests.ts";
import { mutated } from "./mutations.ts";
import type { GeneratedRequest, IdChoice } from "./request.ts";
import { asText, filesOf, oddHeaders, queries, type Weighted, withKey } from "./request-parts.ts";
import { boundariesOf, valuesOf } from "./schema-values.ts";

const access = fc.constantFrom("owner" as const, "owner" as const, "account" as const);
const owner = fc.constantFrom(...OWNERS.slice(0, 2), ...OWNERS);
const idempotencyKeys = fc.nat({ max: 60 }).map((key) => `key-${key}`);

/** The body of `POST /jobs` with the input of one of the types, as both schemas ask. */
function addBodies(body: Schema, jobTypes: readonly DescribedJobType[], inputs: (schema: Schema) => fc.Arbitrary<unknown>) {
  const common = valuesOf(body) as fc.Arbitrary<Record<string, unknown>>;
  // The canary's schema has most keywords, and its jobs are small.
  const weighted = jobTypes.map((type) => ({
    weight: type.name === "canary" ? 3 : 1,
    arbitrary: fc
      .tuple(inputs(type.inputSchema), filesOf(type, body.properties?.files ?? {}))
      .map(([input, files]) => ({ type: type.name, input, ...(files === undefined ? {} : { files }) })),
  }));
  return fc
    .tuple(common, fc.oneof(...weighted), duesOf(body.properties ?? {}))
    .map(([{ files: _, delaySeconds: __, runAt: ___, ...rest }, typed, due]) => ({ ...rest, ...typed, ...due }));
}

/** When a job is due: mostly at once, or at times that may be asked for; and now and then whatever the schema allows, or both. */
function duesOf({ delaySeconds = {}, runAt = {} }: Readonly<Record<string, Schema>>): fc.Arbitrary<object> {
  const ahead = fc.integer({ min: 60, max: 300 * 86_400 }).map((seconds) => new Date(Date.now() + seconds * 1_000).toISOString());
  return fc.oneof(
    { weight: 8, arbitrary: fc.constant({}) },
    { weight: 3, arbitrary: fc.record({ delaySeconds: valuesOf(delaySeconds) }) },
    { weight: 3, arbitrary: fc.record({ runAt: ahead }) },
    { weight: 1, arbitrary: fc.record({ runAt: valuesOf(runAt) }) },
    { weight: 1, arbitrary: fc.record({ delaySeconds: valuesOf(delaySeconds), runAt: ahead }) },
  );
}

/** The body of `POST /uploads`, for a file of one of the types. */
function uploadBodies(body: Schema, jobTypes: readonly DescribedJobType[]): fc.Arbitrary<unknown> {
  const declared = jobTypes.flatMap(({ name: type, files }) =>
    Object.entries(files).map(([name, { maxBytes }]) => ({ type, name, maxBytes })),
  );
  const sized = fc
    .constantFrom(...declared)
    .chain(({ maxBytes, ...file }) =>
      fc.constantFrom(0, 1, maxBytes, maxBytes + 1, 5_000_000_001, 2 ** 53 - 1).map((bytes) => ({ ...file, bytes })),
    );
  return fc
    .tuple(valuesOf(body) as fc.Arbitrary<object>, fc.oneof({ weight: 5, arbitrary: sized }, fc.constant({})))
    .map(([rest, file]) => ({ ...rest, ...file }));
}

function uploadRequests(operation: PlacedOperation, jobTypes: readonly DescribedJobType[]): Weighted[] {
  const schema = bodySchema(operation);
  const valid = uploadBodies(schema, jobTypes);
  return [
    [8, "valid", { body: bodies(valid) }],
    [6, "at a bound", { body: bodies(boundariesOf(schema)) }],
    [6, "mutated", { body: bodies(mutated(valid)) }],
    [4, "damaged body", { body: damagedBodies(valid) }],
    [2, "any JSON", { body: bodies(hostileJson) }],
    [1, "parameters", { body: bodies(valid), query: queries }],
    [1, "headers", { body: bodies(valid), headers: oddHeaders }],
    [1, "caller", { body: bodies(valid), caller: fc.constantFrom(...NOBODIES) }],
  ];
}

function addRequests(operation: PlacedOperation, jobTypes: readonly DescribedJobType[]): Weighted[] {
  const schema = bodySchema(operation);
  const limit = operation.requestBody?.["x-max-bytes"] ?? 0;
  const valid = addBodies(schema, jobTypes, valuesOf);
  const key = operation.parameters?.find(({ name }) => name === "Idempotency-Key")?.schema ?? {};
  return [
    [20, "valid", { body: bodies(valid) }],
    [6, "valid", { body: bodies(valid), headers: withKey(idempotencyKeys) }],
    [10, "at a bound", { body: bodies(addBodies(schema, jobTypes, boundariesOf)) }],
    [8, "at a bound", { body: bodies(boundariesOf(schema)) }],
    [12, "mutated", { body: bodies(mutated(valid)) }],
    [16, "damaged body", { body: damagedBodies(valid) }],
    [4, "any JSON", { body: bodies(hostileJson) }],
    [0.3, "size", { body: bodiesAround(limit) }],
    [
      5,
      "idempotency key",
      { body: bodies(valid), headers: withKey(fc.oneof(valuesOf(key), boundariesOf(key), hostileText).map(asText)) },
    ],
    [10, "repeated add", { again: fc.nat() }],
    [3, "parameters", { body: bodies(valid), query: queries }],
    [3, "headers", { body: bodies(valid), headers: oddHeaders }],
    [3, "caller", { body: bodies(valid), caller: fc.constantFrom(...NOBODIES) }],
  ];
}

function idRequests({ parameters = [] }: PlacedOperation): Weighted[] {
  const schema = parameters.find(({ name }) => name === "id")?.schema ?? {};
  const [wait] = parameters.filter((parameter) => parameter.in === "query");
  const waits =
    wait &&
    fc.array(fc.tuple(fc.constant(wait.name), fc.oneof(valuesOf(wait.schema), boundariesOf(wait.schema)).map(asText)), {
      maxLength: 1,
    });
  const known: fc.Arbitrary<IdChoice> = fc.nat().map((job) => ({ job, spelling: 0 }));
  const misspelled: fc.Arbitrary<IdChoice> = fc.record({ job: fc.nat(), spelling: fc.integer({ min: 1, max: 7 }) });
  const texts: fc.Arbitrary<IdChoice> = fc
    .oneof(valuesOf(schema), boundariesOf(schema), hostileText, fc.constantFrom("x".repeat(10_000)))
    .map((text) => ({ text: asText(text) }));
  return [
    [12, "valid", { id: known, ...(waits === undefined ? {} : { query: waits }) }],
    [3, "parameters", { id: misspelled }],
    [4, "parameters", { id: texts, query: queries }],
    [1, "headers", { id: known, headers: oddHeaders }],
    [1, "unasked body", { id: known, body: bodies(hostileJson) }],
    [2, "caller", { id: known, caller: fc.constantFrom(...NOBODIES) }],
  ];
}

function listRequests({ parameters = [] }: PlacedOperation, jobTypes: readonly DescribedJobType[]): Weighted[] {
  const values = (name: string, schema: Schema) =>
    name === "type" ? fc.constantFrom(...jobTypes.map((jobType) => jobType.name)) : valuesOf(schema);
  const pairs = (name: string, given: fc.Arbitrary<unknown>) =>
    given.map((value) => (Array.isArray(value) ? value : [value]).map((one) => [name, asText(one)] as const));
  const asked = parameters.filter(({ name }) => name !== "cursor");
  // A list of all types asks many partitions of the index.
  const valid = fc
    .tuple(
      ...asked.map(({ name, schema }) =>
        fc.option(pairs(name, values(name, schema)), { freq: name === "type" ? 6 : 1, nil: [] }),
      ),
    )
    .map((parts) => parts.flat());
  const [ofType, others] = [asked.filter(({ name }) => name === "type"), asked.filter(({ name }) => name !== "type")];
  // Of many filters at once, each hides what the others let through.
  const filtered = fc
    .tuple(...[ofType, others].map((some) => fc.oneof(...some.map(({ name, schema }) => pairs(name, values(name, schema))))))
    .map((parts) => parts.flat());
  const broken = fc.oneof(
    ...parameters.map(({ name, schema }) => pairs(name, fc.oneof(boundariesOf(schema), hostileText))),
    fc.tuple(hostileName, hostileText).map((pair) => [pair]),
  );
  const merged = fc
    .tuple(valid, fc.array(broken, { minLength: 1, maxLength: 3 }))
    .map(([parts, odd]) => [...parts, ...odd.flat()]);
  const untouched = fc.record({ at: fc.nat(), tampering: fc.constant(0) });
  const tampered = fc.record({ at: fc.nat(), tampering: fc.integer({ min: 1, max: 9 }) });
  return [
    [4, "valid", { query: valid }],
    [4, "valid", { query: filtered }],
    [8, "parameters", { query: merged }],
    [4, "cursor", { page: untouched }],
    [5, "cursor", { page: tampered }],
    [1, "headers", { query: valid, headers: oddHeaders }],
    [1, "unasked body", { query: valid, body: bodies(hostileJson) }],
    [1, "caller", { query: valid, caller: fc.constantFrom(...NOBODIES) }],
  ];
}

const plainRequests: Weighted[] = [
  [3, "valid", {}],
  [1, "parameters", { query: queries }],
  [1, "headers", { headers: oddHeaders }],
  [1, "unasked body", { body: bodies(hostileJson) }],
  [1, "caller", { caller: fc.constantFrom(...NOBODIES) }],
];

/** Shares of the operations: adding reads most of a request, listing costs most. */
const SHARES: Readonly<Record<string, number>> = {
  addJob: 50,
  getJob: 17,
  whyJob: 4,
  cancelJob: 12,
  retryJob: 8,
  listJobs: 13,
  createUpload: 8,
  addBatch: 8,
  getBatch: 3,
  listBatchJobs: 4,
  cancelBatch: 2,
  pauseJobType: 3,
  resumeJobType: 3,
  jobTypeStatus: 3,
  listJobTypes: 4,
  describeApi: 1,
};

function weightedOf(operation: PlacedOperation, jobTypes: readonly DescribedJobType[]): Weighted[] {
  if (operation.operationId === "createUpload") return uploadRequests(operation, jobTypes);
  if (operation.operationId === "addBatch") return batchRequests(operation, jobTypes);
  if (operation.operationId === "pauseJobType") return pauseRequests(operation, jobTypes);
  const named = operation.parameters?.some((parameter) => parameter.in === "path" && parameter.name === "name");
  if (named === true) return namedRequests(operation, jobTypes);
  if (operation.requestBody !== undefined) return addRequests(operation, jobTypes);
  if (operation.parameters?.some((parameter) => parameter.in === "path")) return idRequests(operation);
  return operation.parameters === undefined ? plainRequests : listRequests(operation, jobTypes);
}

/** Requests to every operation of the description, valid ones and such as are wrong in every way that is known here. */
export function requestsTo(description: Description, jobTypes: readonly DescribedJobType[]): fc.Arbitrary<GeneratedRequest> {
  const byOperation = operationsOf(description).map((operation) => {
    const { operationId } = operation;
    const kinds = weightedOf(operation, jobTypes).map(([weight, kind, parts]) => ({
      weight: Math.round(weight * 10),
      arbitrary: fc.record({
        kind: fc.constant(kind),
        operation: fc.constant(operationId),
        access,
        caller: owner,
        ...parts,
      }) as fc.Arbitrary<GeneratedRequest>,
    }));
    return { weight: SHARES[operationId] ?? 1, arbitrary: fc.oneof(...kinds) };
  });
  const strayed = fc.record({
    kind: fc.constant("route" as const),
    operation: fc.constant("listJobs" as const),
    access,
    caller: owner,
    routeKey: fc.constantFrom("$default", "DELETE /jobs/{id}", "GET /__proto__", "constructor", "", "GET /jobs/", "POST /JOBS"),
  });
  return fc.oneof(...byOperation, { weight: 2, arbitrary: strayed });
}
