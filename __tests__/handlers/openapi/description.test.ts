import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JsonSchema } from "../../../domain/json-schema.ts";
import { MAX_BODY_BYTES } from "../../../domain/limits.ts";
import { ROUTES } from "../../../domain/routes.ts";
import { PROBLEMS } from "../../../handlers/http/problem.ts";
import { Validator } from "../../../handlers/http/validator.ts";
import { openApi } from "../../../handlers/openapi/description.ts";
import { type Answered, type ApiUnderTest, startApi } from "../api-under-test.ts";
import { upload as uploadFile } from "../jobs/uploads.ts";

interface Description {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, DescribedOperation>>;
  readonly components: { readonly schemas: Record<string, JsonSchema>; readonly responses: Record<string, DescribedResponse> };
}
interface DescribedOperation {
  readonly operationId: keyof typeof ROUTES;
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: JsonSchema;
  readonly responses: Record<string, DescribedResponse | { readonly $ref: string }>;
}
interface DescribedResponse {
  readonly headers?: Record<string, { readonly required?: boolean; readonly schema: JsonSchema }>;
  readonly content: Record<string, { readonly schema: JsonSchema }>;
}

const description = openApi() as Description;
const validator = new Validator();

function operation(name: keyof typeof ROUTES): DescribedOperation {
  const { method, path } = ROUTES[name];
  return description.paths[path]![method.toLowerCase()]!;
}

/** An operation's answers by status, those included that operations share. */
function responses(name: keyof typeof ROUTES): Record<string, DescribedResponse> {
  const described = Object.entries(operation(name).responses).map(([status, response]) => [
    status,
    "$ref" in response ? description.components.responses[response.$ref.replace("#/components/responses/", "")] : response,
  ]);
  return Object.fromEntries(described);
}

/** What the description says against an answer: nothing, for one that it allows. */
async function contradictions(name: keyof typeof ROUTES, { status, headers, body }: Answered): Promise<unknown[]> {
  const described = responses(name)[status]?.content[headers["content-type"] ?? ""];
  if (described === undefined) return [`${name} says nothing of ${status} ${headers["content-type"]}`];
  const schema = { ...described.schema, components: description.components };
  return await validator.check(schema, body, { size: 1 });
}

describe("the OpenAPI description", () => {
  it("has every route under its name", () => {
    for (const name of Object.keys(ROUTES) as (keyof typeof ROUTES)[]) expect(operation(name).operationId).toBe(name);
  });

  it("refers to nothing that it lacks", () => {
    const references = [...JSON.stringify(description).matchAll(/"\$ref":"#\/components\/(\w+)\/(\w+)"/g)];
    expect(references.length).toBeGreaterThan(5);
    for (const [, kind = "", name = ""] of references) expect(description.components).toHaveProperty([kind, name]);
  });

  it("has the parameters of each operation", () => {
    const parameters = (Object.keys(ROUTES) as (keyof typeof ROUTES)[]).map((name) => [
      name,
      (operation(name).parameters ?? []).map(({ name, in: place }) => `${place} ${name}`),
    ]);
    expect(Object.fromEntries(parameters)).toEqual({
      addJob: ["header Idempotency-Key", "header traceparent"],
      addBatch: ["header Idempotency-Key", "header traceparent"],
      getBatch: ["path id"],
      listBatchJobs: ["path id", "query status", "query limit", "query cursor"],
      cancelBatch: ["path id"],
      listJobs: ["type", "status", "tag", "createdAfter", "createdBefore", "limit", "cursor"].map((name) => `query ${name}`),
      getJob: ["path id", "query waitSeconds"],
      retryJob: ["path id", "header traceparent"],
      cancelJob: ["path id"],
      whyJob: ["path id"],
      createUpload: [],
      pauseJobType: ["path name"],
      resumeJobType: ["path name"],
      listJobTypes: [],
      jobTypeStatus: ["path name", "query hours"],
      describeApi: [],
    });
    for (const name of ["addJob", "createUpload"] as const) {
      expect(operation(name).requestBody).toMatchObject({ required: true, "x-max-bytes": MAX_BODY_BYTES, "x-max-depth": 200 });
    }
  });

  it("has the statuses of each operation, those of API Gateway among them", () => {
    const ofGateway = [400, 401, 403, 413, 429, 500, 503];
    const statuses = (name: keyof typeof ROUTES) => Object.keys(responses(name)).map(Number);
    expect(statuses("addJob")).toEqual([202, ...new Set([...ofGateway, 404, 409, 422])].sort((a, b) => a - b));
    expect(statuses("cancelJob")).toEqual([200, 202, ...new Set([...ofGateway, 404, 409])].sort((a, b) => a - b));
    expect(statuses("retryJob")).toEqual([202, ...new Set([...ofGateway, 404, 409])].sort((a, b) => a - b));
    expect(statuses("createUpload")).toEqual([201, ...new Set([...ofGateway, 404, 409, 422])].sort((a, b) => a - b));
    expect(statuses("listJobTypes")).toEqual([200, ...ofGateway]);
  });

  it("narrows each error to the codes of its operation and status", () => {
    const content = responses("cancelJob")[409]?.content["application/problem+json"]?.schema;
    expect(content).toMatchObject({
      allOf: [
        { $ref: "#/components/schemas/Problem" },
        { properties: { status: { const: 409 }, code: { enum: ["JobAlreadyEnded"] } } },
      ],
    });
    expect(Object.keys(responses("cancelJob")[429]?.content ?? {})).toEqual(["application/json"]);
  });

  it("has the headers of each answer", () => {
    const { 202: added, 404: unknown, 503: unavailable } = responses("addJob");
    const headers = { "cache-control": { required: true }, "x-content-type-options": { required: true } };
    expect(added?.headers).toMatchObject({ ...headers, Location: { required: true }, "Idempotency-Replayed": expect.anything() });
    expect(unknown?.headers).toMatchObject(headers);
    expect(unavailable?.headers).toHaveProperty("Retry-After");
  });

  it("says how a job's end looks", async () => {
    const base = {
      id: "canary_01K91ABCDEFGHJKMNPQRSTVWXY",
      type: "canary",
      version: 1,
      attempt: 0,
      maxAttempts: 3,
      owner: "ada",
    };
    const times = { createdAt: "2026-11-02T09:00:00.000Z", updatedAt: "2026-11-02T09:00:00.000Z" };
    const errors = (job: object) =>
      validator.check(description.components.schemas.Job!, { ...base, ...times, input: 1, ...job }, { size: 1 });
    expect(await errors({ status: "QUEUED" })).toEqual([]);
    expect(await errors({ status: "FAILED", finishedAt: times.createdAt, expiresAt: 1 })).toEqual([]);
    expect(await errors({ status: "FAILED" })).not.toEqual([]);
    expect(await errors({ status: "RUNNING", result: 1 })).not.toEqual([]);
    expect(await errors({ status: "QUEUED", inputLocation: { bucket: "b", key: "k", bytes: 1 } })).not.toEqual([]);
  });

  it("names every error code", () => {
    expect(JSON.stringify(description.components.schemas.Problem)).toContain(JSON.stringify(Object.keys(PROBLEMS)));
  });
});

describe("the API's answers", () => {
  let api: ApiUnderTest;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(async () => {
    await api.stop();
  });

  it("are as the description says", async () => {
    const input = { op: "echo", value: "x".repeat(5_000) };
    const body = { type: "canary", input, groupId: "g", tags: { a: "b" } };
    const added = await api.call("addJob", { body });
    const { id } = added.body;
    const waiting = await api.call("addJob", { body });
    const upload = { type: "canary", name: "data", bytes: 4 };
    const digest = { type: "canary", input: { op: "digest" } };
    const file = await uploadFile(api.call, "four");
    const answers: [keyof typeof ROUTES, Answered][] = [
      ["addJob", added],
      ["addJob", await api.call("addJob", { body: "{" })],
      ["addJob", await api.call("addJob", { body: { ...body, type: "no-such" } })],
      ["addJob", await api.call("addJob", { body: { ...body, input: {} } })],
      ["addJob", await api.call("addJob", { body, principal: null })],
      ["getJob", await api.call("getJob", { id })],
      ["getJob", await api.call("getJob", { id: "no-such" })],
      ["cancelJob", await api.call("cancelJob", { id })],
      ["cancelJob", await api.call("cancelJob", { id: "no-such" })],
      ["listJobs", await api.call("listJobs")],
      ["listJobs", await api.call("listJobs", { query: { cursor: "x" } })],
      ["createUpload", await api.call("createUpload", { body: upload })],
      ["createUpload", await api.call("createUpload", { body: {} })],
      ["createUpload", await api.call("createUpload", { body: { ...upload, type: "no-such" } })],
      ["createUpload", await api.call("createUpload", { body: { ...upload, bytes: 2_000_000_000 } })],
      ["createUpload", await api.call("createUpload", { body: { ...upload, name: "other" } })],
      ["createUpload", await api.call("createUpload", { body: upload, principal: null })],
      ["addJob", await api.call("addJob", { body: { ...digest, files: { data: file } } })],
      ["addJob", await api.call("addJob", { body: { ...digest, files: { other: file } } })],
      ["pauseJobType", await api.call("pauseJobType", { name: "canary", body: { reason: "the printer burns" } })],
      ["pauseJobType", await api.call("pauseJobType", { name: "canary", body: { until: "tomorrow" } })],
      ["pauseJobType", await api.call("pauseJobType", { name: "no-such" })],
      ["listJobTypes", await api.call("listJobTypes")],
      ["resumeJobType", await api.call("resumeJobType", { name: "canary" })],
      ["resumeJobType", await api.call("resumeJobType", { name: "canary", principal: null })],
      ["whyJob", await api.call("whyJob", { id })],
      ["whyJob", await api.call("whyJob", { id: waiting.body.id })],
      ["whyJob", await api.call("whyJob", { id: "no-such" })],
      ["jobTypeStatus", await api.call("jobTypeStatus", { name: "canary" })],
      ["jobTypeStatus", await api.call("jobTypeStatus", { name: "no-such" })],
      ["describeApi", await api.call("describeApi")],
    ];
    // What job types ask for is in the one that is served.
    expect(answers.at(-1)?.[1].body.components.schemas).toHaveProperty(["canary.input"]);
    for (const [name, answer] of answers)
      expect([name, answer.status, await contradictions(name, answer)]).toEqual([name, answer.status, []]);
    const statuses = answers.map(([, { status }]) => status);
    expect(statuses).toEqual([
      ...[202, 400, 404, 422, 401, 200, 404, 200, 404, 200, 400],
      ...[201, 400, 404, 413, 422, 401, 202, 422, 200, 400, 404, 200, 200, 401, 200, 200, 404, 200, 404, 200],
    ]);
  });
});
