import { defineJobType } from "@autoscaling-job-queues/domain/job-type";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import type { JsonSchema } from "../../../domain/json-schema.ts";
import { registryEntry } from "../../../domain/registry-entry.ts";
import { Validator } from "../../../handlers/http/validator.ts";
import { openApi } from "../../../handlers/openapi/description.ts";
import { type ApiDescription, withJobTypes } from "../../../handlers/openapi/job-type-inputs.ts";
import { canaryJob } from "../../../jobs/canary/job-type.ts";

const PLACE = { queueUrl: "http://queue", cluster: "jobs", service: "any" };

/** A tree of named branches, whose schema refers to itself. */
const Branch = z.object({
  name: z.string(),
  get branches() {
    return z.array(Branch).optional();
  },
});
const treeJob = defineJobType({
  name: "tree",
  description: "Grows a tree",
  input: z.strictObject({ root: Branch, $ref: z.literal("#").optional() }),
  files: {
    soil: { description: "What it grows in", maxBytes: 10 },
    water: { description: "What it drinks", maxBytes: 10, required: false },
  },
  timeoutSeconds: 1,
});
const entries = [canaryJob, treeJob].map((jobType) => registryEntry(jobType, PLACE));
const described = withJobTypes(openApi() as ApiDescription, entries);
const validator = new Validator();

/** What the description says against a body of `POST /jobs`, or of another path. */
async function contradictions(body: object, path = "/jobs"): Promise<unknown[]> {
  const { paths, components } = described;
  const schema = paths[path]?.post?.requestBody?.content["application/json"].schema as JsonSchema;
  return await validator.check({ ...schema, components }, body, { size: 1 });
}

describe("the description with job types", () => {
  it.each([
    ["an input of its type", { type: "canary", input: { op: "sleep", seconds: 1 } }],
    ["another", { type: "tree", input: { root: { name: "a", branches: [{ name: "b", branches: [] }] } }, files: { soil: "u" } }],
    ["a member that is called as the keyword", { type: "tree", input: { root: { name: "a" }, $ref: "#" }, files: { soil: "u" } }],
  ])("takes %s", async (_, body) => {
    const withoutUploads = JSON.parse(JSON.stringify(body).replaceAll('"u"', '"01JCQ8N6V4W2X9Y7Z5T3R1P0MK"')) as object;
    expect(await contradictions(withoutUploads)).toEqual([]);
  });

  it.each([
    ["an input of no type", { type: "canary", input: { op: "nothing" } }],
    ["an input of another type", { type: "canary", input: { root: { name: "a" } } }],
    [
      "a wrong part deep within",
      { type: "tree", input: { root: { name: "a", branches: [{ name: 1 }] } }, files: { soil: "01JCQ8N6V4W2X9Y7Z5T3R1P0MK" } },
    ],
    ["a job without a file that it needs", { type: "tree", input: { root: { name: "a" } } }],
    ["a type that there is not", { type: "none", input: {} }],
  ])("refuses %s", async (_, body) => {
    expect(await contradictions(body)).not.toEqual([]);
  });

  it("asks the same of each item of a batch", async () => {
    const upload = "01JCQ8N6V4W2X9Y7Z5T3R1P0MK";
    const items = [{ input: { root: { name: "a" } }, files: { soil: upload } }];
    const check = async (more: object) => await contradictions({ type: "tree", items: [...items, more] }, "/batches");
    expect(await check({ input: { root: { name: "b" } }, files: { soil: upload }, tags: { a: "b" } })).toEqual([]);
    expect(await check({ input: { root: { name: 1 } }, files: { soil: upload } })).not.toEqual([]);
    expect(await check({ input: { root: { name: "b" } } })).not.toEqual([]);
    expect(await contradictions({ type: "canary", items }, "/batches")).not.toEqual([]);
  });

  it("refers to nothing that it lacks", () => {
    const text = JSON.stringify(described);
    const references = [...text.matchAll(/"\$ref":"#\/components\/schemas\/([\w.-]+)/g)].map(([, name]) => name);
    expect(new Set(references)).toEqual(
      new Set([
        "Job",
        "Batch",
        "JobType",
        "Upload",
        "Why",
        "JobTypeStatus",
        "Problem",
        "GatewayError",
        "canary.input",
        "tree.input",
      ]),
    );
    for (const name of references) expect(described.components.schemas).toHaveProperty([name as string]);
    expect(text).not.toContain('"$ref":"#/$defs');
  });

  it("leaves out what takes no more jobs", () => {
    const retired = [{ ...entries[0]!, retired: true as const }];
    expect(withJobTypes(openApi() as ApiDescription, retired)).toEqual(openApi());
  });
});
