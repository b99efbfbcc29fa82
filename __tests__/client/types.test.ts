import { defineJobType } from "@autoscaling-job-queues/domain/job-type";
import { defineJob, type FileReference } from "@autoscaling-job-queues/worker/define-job";
import { expectTypeOf, it } from "vitest";
import * as z from "zod";
import type { AddOptions, JobsClient } from "../../client/jobs-client.ts";
import type { AddJobBody } from "../../handlers/jobs/add-job-body.ts";

const reportJob = defineJobType({
  name: "report",
  description: "Renders a monthly report",
  input: z.strictObject({ month: z.string(), copies: z.int().default(1) }),
  result: z.object({ pages: z.int(), report: z.custom<FileReference>() }),
  files: { template: { description: "What it is rendered with", maxBytes: 1_000 } },
  timeoutSeconds: 300,
});
const plainJob = defineJobType({ name: "plain", description: "Does it", input: z.object({}), timeoutSeconds: 1 });

/** Never called: the compiler reads it. */
async function calls(jobs: JobsClient): Promise<void> {
  const job = await jobs.addAndWait(reportJob, { month: "2026-11" }, { files: { template: "upload" } });
  expectTypeOf(job.input).toEqualTypeOf<{ month: string; copies?: number | undefined } | undefined>();
  expectTypeOf(job.result?.pages).toEqualTypeOf<number | undefined>();
  // The API adds the link.
  expectTypeOf(job.result?.report.url).toEqualTypeOf<string | undefined>();
  expectTypeOf((await jobs.result(job))?.report.bytes).toEqualTypeOf<number | undefined>();
  expectTypeOf((await jobs.retry(job)).input?.month).toEqualTypeOf<string | undefined>();
  for await (const { result } of jobs.waitAll([job])) expectTypeOf(result?.pages).toEqualTypeOf<number | undefined>();
  for await (const { input } of jobs.list({ type: reportJob })) expectTypeOf(input?.month).toEqualTypeOf<string | undefined>();

  // @ts-expect-error: an input without what it must have
  await jobs.add(reportJob, {});
  // @ts-expect-error: a member of another type
  await jobs.add(reportJob, { month: 11 });
  // @ts-expect-error: a file that the type does not take
  await jobs.add(reportJob, { month: "2026-11" }, { files: { data: "upload" } });
  // @ts-expect-error: the same
  await jobs.upload(reportJob, "data", "content");
  // @ts-expect-error: a type that takes no files
  await jobs.upload(plainJob, "data", "content");
  // @ts-expect-error: a state that there is not
  void jobs.list({ status: "DONE" });

  // A type that declares no result, and a type that is known by its name only.
  expectTypeOf((await jobs.add(plainJob, {})).result).toEqualTypeOf<unknown>();
  const named = await jobs.add("report", { anything: true }, { files: { any: "upload" } });
  expectTypeOf(named.input).toEqualTypeOf<unknown>();
  const typed = await jobs.add<typeof reportJob>("report", { month: "2026-11" });
  expectTypeOf(typed.result?.pages).toEqualTypeOf<number | undefined>();
}

it("types inputs, results and files by the job type", () => {
  expectTypeOf(calls).returns.resolves.toBeVoid();
});

it("offers what the API takes with a job, and nothing else", () => {
  type Offered = Exclude<keyof AddOptions, "signal" | "idempotencyKey" | "traceparent">;
  expectTypeOf<Offered>().toEqualTypeOf<Exclude<keyof AddJobBody, "type" | "input">>();
});

it("holds a handler to the result that its type declares", () => {
  const file = { bucket: "b", key: "k", bytes: 1, contentType: "text/plain" };
  defineJob(reportJob, async () => ({ pages: 1, report: file }));
  // @ts-expect-error: a result without what it must have
  defineJob(reportJob, async () => ({ pages: 1 }));
  defineJob(plainJob, () => undefined);
});
