import { glob, readFile } from "node:fs/promises";
import { SetSubscriptionAttributesCommand, SubscribeCommand } from "@aws-sdk/client-sns";
import { GetQueueAttributesCommand, type Message, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newBatch, type StoredBatch } from "../../domain/batch.ts";
import { batchIdForKey } from "../../domain/batch-id.ts";
import { isTerminal, type StoredJob } from "../../domain/job.ts";
import { JobEvents, jobEvent } from "../../domain/job-events.ts";
import { jobSchema } from "../../domain/job-schema.ts";
import { ADDED_AT, buildJob } from "../support/build-job.ts";
import { type Emulators, startEmulators } from "../support/emulators.ts";
import { takeEvents } from "../support/take-events.ts";

let guide: string;
let emulators: Emulators;
let events: JobEvents;
beforeAll(async () => {
  guide = await readFile("docs/events.md", "utf8");
  emulators = await startEmulators();
  events = new JobEvents(emulators.sns, emulators.eventsTopicArn);
});
afterAll(async () => emulators.stop());

/** The code blocks of a language. */
const blocks = (language: string): string[] =>
  [...guide.matchAll(new RegExp(`^\`\`\`${language}\n(.+?)^\`\`\`$`, "gms"))].map(([, text = ""]) => text);

/** The rows of the table whose first column has this head, as text without backticks. */
function table(head: string): string[][] {
  const [, text = ""] = new RegExp(`^\\| ${head} \\|.*\n\\|[-|]+\n((?:\\|.*\n)+)`, "m").exec(guide) ?? [];
  return text
    .trimEnd()
    .split("\n")
    .map((row) => row.split(" | ").map((cell) => cell.replaceAll(/^\| | \|$|`/g, "")));
}

describe("the guide's event", () => {
  it("is a job as it is published, with the attributes that the guide lists", async () => {
    const [text = ""] = blocks("json");
    const job = JSON.parse(text);
    expect(jobSchema.strict().parse(job)).toEqual(job);
    const { input, result, ...rest } = job;
    const stored: StoredJob = buildJob({ ...rest, input: JSON.stringify(input), result: JSON.stringify(result) });
    expect(JSON.parse(jobEvent(stored))).toEqual(job);
    await events.publish(stored);
    const [event] = await takeEvents(emulators, 1);
    const listed = table("attribute").map(([name, type]) => [name, type]);
    expect(Object.entries(event?.attributes ?? {}).map(([name, [type]]) => [name, type])).toEqual(listed);
  });
});

describe("the guide's filter policies", () => {
  const SHOP = "iam:arn:aws:sts::111122223333:assumed-role/shop";
  const jobs: StoredJob[] = [
    buildJob({ type: "document", tags: { team: "billing", tier: "gold" } }),
    buildJob({ type: "document", status: "RUNNING", groupId: "acme" }),
    buildJob({ type: "document", status: "SUCCEEDED", tags: { team: "billing", tier: "gold" }, owner: SHOP }),
    buildJob({ type: "document", status: "FAILED", tags: { team: "billing", tier: "silver" } }),
    buildJob({ type: "etl", status: "FAILED", tags: { team: "search", batch: "2026-11" }, owner: SHOP }),
    buildJob({ type: "etl", tags: { team: "billing", tier: "gold", batch: "2026-10" }, groupId: SHOP }),
    buildJob({ type: "etl", status: "SUCCEEDED", tags: { team: "billing", tier: "gold" }, groupId: "acme" }),
    buildJob({ type: "canary", status: "CANCELLED", retryOf: buildJob().id, tags: { batch: "2026-11" } }),
    buildJob({ type: "canary", version: 4, input: '{"tags":{"team":"billing"},"type":"document"}' }),
  ];

  const batch: StoredBatch = {
    ...newBatch({
      id: batchIdForKey("document", SHOP, "key"),
      type: "document",
      total: 1,
      owner: SHOP,
      requestHash: "hash",
      now: ADDED_AT,
    }),
    completedAt: new Date(ADDED_AT).toISOString(),
    version: 2,
  };
  const BATCHES = "batches that are complete";

  const has = (key: string, value: string) => (job: StoredJob) => job.tags?.[key] === value;
  /** Who is meant by each row. */
  const MEANT: Readonly<Record<string, (job: StoredJob) => boolean>> = {
    "one type": ({ type }) => type === "document",
    "several types": ({ type }) => type === "document" || type === "etl",
    "jobs that have ended": isTerminal,
    "failed jobs of one type": ({ type, status }) => type === "document" && status === "FAILED",
    "all states but waiting": ({ status }) => status !== "QUEUED",
    "new jobs": ({ version }) => version === 1,
    [BATCHES]: () => false,
    "jobs with a tag": has("team", "billing"),
    "ended jobs of one type with two tags": (job) =>
      job.type === "document" && isTerminal(job) && has("team", "billing")(job) && has("tier", "gold")(job),
    "jobs that were added together, by a tag of theirs": has("batch", "2026-11"),
    "jobs of one caller": ({ owner }) => owner === SHOP,
    "jobs of one tenant": ({ groupId }) => groupId === "acme",
    retries: ({ retryOf }) => retryOf !== undefined,
  };

  async function subscribe(name: string, attributes: Record<string, string>): Promise<string> {
    const queueUrl = await emulators.createQueue(name);
    const { Attributes } = await emulators.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ["QueueArn"] }),
    );
    const { SubscriptionArn } = await emulators.sns.send(
      new SubscribeCommand({
        TopicArn: emulators.eventsTopicArn,
        Protocol: "sqs",
        Endpoint: Attributes?.QueueArn,
        Attributes: { RawMessageDelivery: "true" },
      }),
    );
    for (const [AttributeName, AttributeValue] of Object.entries(attributes))
      await emulators.sns.send(new SetSubscriptionAttributesCommand({ SubscriptionArn, AttributeName, AttributeValue }));
    return queueUrl;
  }

  /** The jobs whose events are in a queue: the emulator delivers before it answers who publishes. */
  async function received(QueueUrl: string): Promise<string[]> {
    const ids: string[] = [];
    for (let messages: Message[] | undefined = []; messages !== undefined; ) {
      ids.push(...messages.map(({ Body = "" }) => (JSON.parse(Body) as StoredJob).id));
      const receive = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 });
      messages = (await emulators.sqs.send(receive)).Messages;
    }
    return ids.sort();
  }

  it("let through the jobs that each row says, and no others", async () => {
    const rows = table("events of");
    expect(rows.map(([who]) => who)).toEqual(Object.keys(MEANT));
    const queues = await Promise.all(
      rows.map(async ([who = "", FilterPolicyScope = "", FilterPolicy = ""], index) => {
        return { who, queueUrl: await subscribe(`filtered-${index}`, { FilterPolicyScope, FilterPolicy }) };
      }),
    );
    await Promise.all([...jobs.map((job) => events.publish(job)), events.publishBatch(batch)]);
    for (const { who, queueUrl } of queues) {
      const meant = jobs.filter(MEANT[who] as (job: StoredJob) => boolean).map(({ id }) => id);
      if (who === BATCHES) meant.push(batch.id);
      expect(meant.length, who).toBeGreaterThan(0);
      expect(meant.length, who).toBeLessThan(jobs.length);
      expect(await received(queueUrl), who).toEqual(meant.sort());
    }
  });
});

describe("the guide's Terraform", () => {
  it("is that of the examples, word for word", async () => {
    const files: string[] = [];
    for await (const file of glob("examples/**/*.tf")) files.push(await readFile(file, "utf8"));
    const shown = blocks("hcl");
    expect(shown.length).toBeGreaterThan(3);
    expect(shown.filter((block) => !files.some((text) => text.includes(block)))).toEqual([]);
  });
});
