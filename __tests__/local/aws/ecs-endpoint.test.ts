import { DescribeServicesCommand, ECSClient, UpdateServiceCommand } from "@aws-sdk/client-ecs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startEcsEndpoint, taskArn } from "../../../local/aws/ecs-endpoint.ts";
import { Fleet } from "../../../local/aws/fleet.ts";
import type { ListeningServer } from "../../../local/aws/listening.ts";
import { type StandInTask, standInTasks } from "../stand-in-tasks.ts";

let fleet: Fleet;
let tasks: StandInTask[];
let server: ListeningServer;
let client: ECSClient;

beforeEach(async () => {
  const standIns = standInTasks();
  tasks = standIns.tasks;
  fleet = new Fleet({ services: ["canary", "etl"], maxTasks: 4, startTask: standIns.startTask, report: () => undefined });
  server = await startEcsEndpoint(fleet);
  client = new ECSClient({
    endpoint: server.address,
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
});

afterEach(async () => {
  client.destroy();
  await fleet.stop(0);
  await server.stop();
});

describe("the ECS API", () => {
  it("describes the services that exist, and names those that do not", async () => {
    const { services, failures } = await client.send(
      new DescribeServicesCommand({ cluster: "local", services: ["canary", "other"] }),
    );
    expect(services).toMatchObject([
      { serviceName: "canary", status: "ACTIVE", desiredCount: 0, runningCount: 0, pendingCount: 0 },
    ]);
    expect(failures).toMatchObject([{ arn: "arn:aws:ecs:us-east-1:000000000000:service/local/other", reason: "MISSING" }]);
  });

  it("changes the desired count, which starts tasks", async () => {
    const { service } = await client.send(new UpdateServiceCommand({ cluster: "local", service: "canary", desiredCount: 2 }));
    expect(service).toMatchObject({ serviceName: "canary", desiredCount: 2, runningCount: 2 });
    expect(tasks.map((task) => task.service)).toEqual(["canary", "canary"]);
  });

  it("refuses a cluster or service that does not exist, and a count that is none, with AWS's error codes", async () => {
    await expect(client.send(new DescribeServicesCommand({ services: ["canary"] }))).rejects.toMatchObject({
      name: "ClusterNotFoundException",
    });
    await expect(
      client.send(new UpdateServiceCommand({ cluster: "local", service: "other", desiredCount: 1 })),
    ).rejects.toMatchObject({ name: "ServiceNotFoundException" });
    await expect(
      client.send(new UpdateServiceCommand({ cluster: "local", service: "canary", desiredCount: -1 })),
    ).rejects.toMatchObject({ name: "InvalidParameterException" });
  });
});

describe("the ECS agent's task protection", () => {
  const ask = async (taskId: string, body?: unknown) => {
    const init = body === undefined ? {} : { method: "PUT", body: JSON.stringify(body) };
    const response = await fetch(`${server.address}/${taskId}/task-protection/v1/state`, init);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const startTask = (): StandInTask => {
    fleet.setDesiredCount("canary", 1);
    return tasks[0]!;
  };

  it("protects a task, shows that it does, and ends it", async () => {
    const { id } = startTask();
    const protection = { ProtectionEnabled: true, TaskArn: taskArn(id), ExpirationDate: expect.stringMatching(/Z$/) };
    expect(await ask(id, { ProtectionEnabled: true, ExpiresInMinutes: 5 })).toMatchObject({ status: 200, body: { protection } });
    expect((await ask(id)).body).toMatchObject({ protection });
    expect((await ask(id, { ProtectionEnabled: false })).body.protection).toEqual({
      ProtectionEnabled: false,
      TaskArn: taskArn(id),
    });
  });

  it("lasts two hours where nothing else is said", async () => {
    const { id } = startTask();
    const before = Date.now();
    await ask(id, { ProtectionEnabled: true });
    expect(fleet.protectedUntil(id)! - before).toBeGreaterThanOrEqual(120 * 60_000);
  });

  it("is refused as DEPLOYMENT_BLOCKED when the service is to run fewer tasks than would be protected", async () => {
    fleet.setDesiredCount("canary", 2);
    const [first, second] = tasks;
    await ask(first!.id, { ProtectionEnabled: true });
    await ask(second!.id, { ProtectionEnabled: true });
    fleet.setDesiredCount("canary", 1);
    expect(await ask(second!.id, { ProtectionEnabled: true })).toMatchObject({
      status: 200,
      body: { failure: { Arn: taskArn(second!.id), Reason: "DEPLOYMENT_BLOCKED" } },
    });
  });

  it.each([
    {},
    { ProtectionEnabled: "yes" },
    { ProtectionEnabled: true, ExpiresInMinutes: 2_881 },
    { ProtectionEnabled: true, ExpiresInMinutes: 0 },
  ])("refuses %j", async (body) => {
    const { id } = startTask();
    expect(await ask(id, body)).toMatchObject({ status: 400, body: { error: { Code: "InvalidParameterException" } } });
  });

  it("does not know a task that does not run", async () => {
    expect(await ask("0123", { ProtectionEnabled: true })).toMatchObject({
      status: 404,
      body: { error: { Code: "ResourceNotFoundException" } },
    });
  });
});
