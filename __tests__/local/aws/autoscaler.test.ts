import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageBatchCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import * as z from "zod";
import { defineJobType } from "../../../domain/job-type.ts";
import { startAutoscaler } from "../../../local/aws/autoscaler.ts";
import { Fleet } from "../../../local/aws/fleet.ts";
import { createResources, type Resources } from "../../../local/aws/resources.ts";
import { type EmulatedServices, emulatedServices } from "../local-platform.ts";
import { standInTasks } from "../stand-in-tasks.ts";

const jobType = defineJobType({
  name: "canary",
  description: "a canary",
  input: z.unknown(),
  timeoutSeconds: 5,
  scaling: { backlogPerTask: 2, maxTasks: 3, idleMinutes: 2 },
});

let services: EmulatedServices;
let resources: Resources;

beforeAll(async () => {
  services = await emulatedServices();
  resources = await createResources(services.clients, { jobTypes: [jobType], speed: 1, events: false });
});

afterAll(async () => {
  await services.stop();
});

describe("the autoscaler", () => {
  it("follows the backlog up to the most tasks, and goes back to none once the queue has been empty", async () => {
    const { sqs } = services.clients;
    const { url } = resources.queues.get("canary")!;
    const fleet = new Fleet({ services: ["canary"], maxTasks: 5, startTask: standInTasks().startTask, report: () => undefined });
    const reports: string[] = [];
    const autoscaler = startAutoscaler({
      sqs,
      fleet,
      jobTypes: [jobType],
      queueUrls: new Map([["canary", url]]),
      speed: 1_200,
      report: (line) => reports.push(line),
    });
    const desired = (count: number) => vi.waitFor(() => expect(fleet.service("canary")?.desiredCount).toBe(count), 45_000);

    const Entries = ["1", "2", "3"].map((Id) => ({ Id, MessageBody: Id }));
    await sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
    await desired(2);
    await sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries: [...Entries, { Id: "4", MessageBody: "4" }] }));
    await desired(3);
    expect(fleet.service("canary")?.runningCount).toBe(3);

    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10 }));
    expect(Messages).toHaveLength(7);
    for (const { ReceiptHandle } of Messages) await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle }));
    await desired(0);
    await autoscaler.stop();
    await fleet.stop(0);
    expect(reports).toEqual([]);
  });
});
