import type { PublishBatchCommand, SNSClient } from "@aws-sdk/client-sns";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { snsClient } from "../../domain/clients.ts";
import type { StoredJob } from "../../domain/job.ts";
import { JobEvents, jobEvent } from "../../domain/job-events.ts";
import { buildJob } from "../support/build-job.ts";
import { recordCalls } from "../support/client-middleware.ts";
import { type Emulators, startEmulators } from "../support/emulators.ts";
import { runs } from "../support/property-runs.ts";
import { publicJob } from "../support/public-job.ts";
import { takeEvents } from "../support/take-events.ts";

/** What SNS and SQS accept in a message: the characters of XML 1.0 (SQS API reference, `SendMessage`). */
const MESSAGE = /^[\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]*$/u;

let emulators: Emulators;
let events: JobEvents;

beforeAll(async () => {
  emulators = await startEmulators();
  events = new JobEvents(emulators.sns, emulators.eventsTopicArn);
});
afterAll(async () => emulators.stop());

async function take(count: number) {
  return await takeEvents(emulators, count);
}

describe("an event", () => {
  it("reaches a subscriber as the job that was committed, with attributes to filter by", async () => {
    const job = buildJob({ status: "SUCCEEDED", result: '{"value":[1,"ä",null]}', tags: { team: "a" } });
    await events.publish(job);
    const [event] = await take(1);
    expect(event).toEqual({
      job: publicJob(job),
      attributes: {
        kind: ["String", "job"],
        jobId: ["String", job.id],
        jobType: ["String", "canary"],
        status: ["String", "SUCCEEDED"],
        version: ["Number", "3"],
      },
    });
  });

  it("of one version is the same whatever progress was written since", async () => {
    const job = buildJob({ status: "RUNNING" });
    await events.publish(job);
    await events.publish({ ...job, progress: { fraction: 0.5, message: "half" } });
    const [first, second] = await take(2);
    expect(first?.job).not.toHaveProperty("progress");
    expect(second?.job).toEqual(first?.job);
  });

  it("holds nothing that only this system reads", () => {
    const event = jobEvent(buildJob({ status: "RUNNING" }));
    expect(event).not.toContain("leaseOwner");
    expect(event).not.toContain("requestHash");
  });

  it.each([
    ["U+FFFE and U+FFFF", "a\uFFFEb\uFFFF"],
    ["lone surrogates", "\uD800 and \uDC00"],
    ["characters beyond the first plane", "𝄞😀"],
    ["control characters", "\u0000\u0001\u0008\u000B\u001F\u007F"],
    ["text that reads as an escape", "\\uFFFF \\\\uFFFE"],
  ])("keeps %s", async (_, text) => {
    await events.publish(buildJob({ tags: { [text]: text } }));
    const [event] = await take(1);
    expect(event?.job.tags).toEqual({ [text]: text });
  });

  it("is legal as a message, and the same when read, for any text", async () => {
    const published: string[] = [];
    const client = {
      send: async ({ input }: PublishBatchCommand) => {
        published.push(...(input.PublishBatchRequestEntries ?? []).map(({ Message = "" }) => Message));
        return {};
      },
    } as unknown as SNSClient;
    const recorded = new JobEvents(client, "arn:aws:sns:us-east-1:000000000000:job-events");
    const units = fc.oneof(fc.constantFrom("\uFFFE", "\uFFFF", "\uD800", "\uDFFF", "\\", "\0"), fc.string({ unit: "binary" }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(units).map((parts) => parts.join("")),
        async (text) => {
          const job = buildJob({ error: { code: "Error", message: text } });
          await recorded.publish(job);
          const message = published.pop() as string;
          expect(message).toMatch(MESSAGE);
          expect(JSON.parse(message)).toEqual(publicJob(job));
        },
      ),
      runs(300),
    );
  });
});

describe("publishing", () => {
  async function callsOf(jobs: readonly StoredJob[]) {
    const client = snsClient();
    const calls = recordCalls(client);
    const publisher = new JobEvents(client, emulators.eventsTopicArn);
    await Promise.all(jobs.map((job) => publisher.publish(job)));
    const received = await take(jobs.length);
    expect(received.map(({ job }) => job.id).sort()).toEqual(jobs.map(({ id }) => id).sort());
    return calls.map(({ input }) => input.PublishBatchRequestEntries as { Message: string }[]);
  }

  it("shares calls of ten between concurrent publishers", async () => {
    const batches = await callsOf(Array.from({ length: 23 }, () => buildJob()));
    expect(batches.map((batch) => batch.length)).toEqual([10, 10, 3]);
  });

  it("keeps a call under the 64 KiB that are billed as one", async () => {
    const batches = await callsOf(Array.from({ length: 10 }, () => buildJob({ result: `"${"ä".repeat(10_000)}"` })));
    expect(batches.map((batch) => batch.length)).toEqual([3, 3, 3, 1]);
    for (const batch of batches) {
      expect(batch.reduce((bytes, { Message }) => bytes + Buffer.byteLength(Message), 0)).toBeLessThanOrEqual(65_536);
    }
  });

  it("fails when the topic does not exist", async () => {
    const nowhere = new JobEvents(emulators.sns, `${emulators.eventsTopicArn}-gone`);
    await expect(nowhere.publish(buildJob())).rejects.toThrow();
  });
});
