import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROUTES } from "../../domain/routes.ts";
import { openApi } from "../../handlers/openapi.ts";
import { PROBLEMS } from "../../handlers/problem.ts";
import { type JsonSchema, Validator } from "../../handlers/validator.ts";
import { type Answered, type ApiUnderTest, startApi } from "./api-under-test.ts";

interface Description {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, DescribedOperation>>;
  readonly components: { readonly schemas: Record<string, JsonSchema> };
}
interface DescribedOperation {
  readonly operationId: keyof typeof ROUTES;
  readonly responses: Record<string, { readonly content: Record<string, { readonly schema: JsonSchema }> }>;
}

const description = openApi() as Description;
const validator = new Validator();

function operation(name: keyof typeof ROUTES): DescribedOperation {
  const { method, path } = ROUTES[name];
  return description.paths[path]![method.toLowerCase()]!;
}

/** What the description says against an answer: nothing, for one that it allows. */
async function contradictions(name: keyof typeof ROUTES, { status, headers, body }: Answered): Promise<unknown[]> {
  const described = operation(name).responses[status]?.content[headers["content-type"] ?? ""];
  if (described === undefined) return [`${name} says nothing of ${status} ${headers["content-type"]}`];
  const schema = { ...described.schema, components: description.components };
  return await validator.check(schema, body, { size: 1 });
}

describe("the OpenAPI description", () => {
  it("has every route under its name", () => {
    for (const name of Object.keys(ROUTES) as (keyof typeof ROUTES)[]) expect(operation(name).operationId).toBe(name);
  });

  it("refers to nothing that it lacks", () => {
    const references = [...JSON.stringify(description).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)];
    expect(references.length).toBeGreaterThan(5);
    for (const [, name = ""] of references) expect(description.components.schemas).toHaveProperty(name);
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
      ["listJobTypes", await api.call("listJobTypes")],
      ["describeApi", await api.call("describeApi")],
    ];
    for (const [name, answer] of answers)
      expect([name, answer.status, await contradictions(name, answer)]).toEqual([name, answer.status, []]);
    expect(answers.map(([, { status }]) => status)).toEqual([202, 400, 404, 422, 401, 200, 404, 200, 404, 200, 400, 200, 200]);
  });
});
