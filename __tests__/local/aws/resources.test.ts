import { PublishCommand } from "@aws-sdk/client-sns";
import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { listJobs } from "../../../domain/job-list.ts";
import { JobStore } from "../../../domain/job-store.ts";
import { defineJobType } from "../../../domain/job-type.ts";
import { JobTypeRegistry } from "../../../domain/job-type-registry.ts";
import { createResources, forgetOtherJobTypes, type Resources } from "../../../local/aws/resources.ts";
import { startEventSubscriber } from "../../../local/event-subscriber.ts";
import { buildJob } from "../../support/build-job.ts";
import { type EmulatedServices, emulatedServices } from "../local-platform.ts";

const jobTypes = [
  defineJobType({
    name: "canary",
    description: "a canary",
    input: z.object({ op: z.string() }),
    timeoutSeconds: 5,
    leaseSeconds: 12,
  }),
  defineJobType({ name: "report", description: "a report", input: z.unknown(), timeoutSeconds: 5 }),
];
const settings = { jobTypes, speed: 60, events: true };

let services: EmulatedServices;
let resources: Resources;

beforeAll(async () => {
  services = await emulatedServices();
  resources = await createResources(services.clients, settings);
});

afterAll(async () => {
  await services.stop();
});

describe("the resources", () => {
  it("hold jobs, which can be listed", async () => {
    const { dynamoDb } = services.clients;
    const store = new JobStore(dynamoDb, resources.jobsTableName);
    const job = buildJob({ type: "canary" });
    await store.create(job, 0);
    const page = await listJobs(dynamoDb, resources.jobsTableName, store, { types: ["canary"], owner: "local", limit: 10 });
    expect(page.jobs).toEqual([job]);
  });

  it("include a queue and a dead-letter queue for each job type", async () => {
    const { url, deadLetters } = resources.queues.get("canary")!;
    const { Attributes } = await services.clients.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["All"] }),
    );
    expect(Attributes).toMatchObject({ VisibilityTimeout: "12", MessageRetentionPeriod: "1209600" });
    expect(JSON.parse(Attributes?.RedrivePolicy ?? "")).toEqual({ deadLetterTargetArn: deadLetters.arn, maxReceiveCount: 100 });
  });

  it("register each job type with its queue, and a wake call as fast as the alarms' clock", async () => {
    const entry = await new JobTypeRegistry(services.clients.dynamoDb, resources.jobTypesTableName).get("canary");
    expect(entry).toMatchObject({
      queueUrl: resources.queues.get("canary")?.url,
      wake: { cluster: "local", service: "canary", recheckSeconds: 0.5 },
      inputSchema: { type: "object" },
    });
  });

  it("bring published events to a subscriber as they were published", async () => {
    const subscriber = startEventSubscriber({
      ...services.clients,
      queueUrl: resources.eventsQueueUrl!,
      report: () => undefined,
    });
    const received = new Promise((resolve) => subscriber.onEvent(resolve));
    await services.clients.sns.send(
      new PublishCommand({ TopicArn: resources.eventsTopicArn, Message: '{"id":"1","version":2}' }),
    );
    expect(await received).toEqual({ id: "1", version: 2 });
    await subscriber.stop();
  });

  it("are the same when they are there already", async () => {
    expect(await createResources(services.clients, settings)).toEqual(resources);
  });

  it("forget the job types that are no more, and bring a queue that is there to other settings", async () => {
    const [canary] = jobTypes;
    const { queues } = await createResources(services.clients, { ...settings, jobTypes: [{ ...canary!, leaseSeconds: 20 }] });
    const QueueUrl = queues.get("canary")!.url;
    const { Attributes } = await services.clients.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["VisibilityTimeout"] }),
    );
    expect(Attributes).toEqual({ VisibilityTimeout: "20" });
    await forgetOtherJobTypes(services.clients, [canary!]);
    const registry = new JobTypeRegistry(services.clients.dynamoDb, resources.jobTypesTableName);
    expect((await registry.list()).map(({ name }) => name)).toEqual(["canary"]);
  });
});
