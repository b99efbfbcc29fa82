import {
  DescribeServicesCommand,
  DescribeTasksCommand,
  ECSClient,
  ListTasksCommand,
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { startEcsEndpoint } from "../../../local/aws/ecs-endpoint.ts";
import { taskArn } from "../../../local/aws/ecs-shapes.ts";
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

describe("what ECS tells of a service and its tasks", () => {
  const describeService = async (name: string) => {
    const { services = [] } = await client.send(new DescribeServicesCommand({ cluster: "local", services: [name] }));
    return services[0]!;
  };
  const list = async (serviceName: string, desiredStatus?: "RUNNING" | "STOPPED") => {
    const { taskArns = [] } = await client.send(new ListTasksCommand({ cluster: "local", serviceName, desiredStatus }));
    return taskArns;
  };
  const describeTask = async (arn: string) => {
    const { tasks: found = [] } = await client.send(new DescribeTasksCommand({ cluster: "local", tasks: [arn] }));
    return found[0]!;
  };
  const stopped = (service: string, count: number) =>
    vi.waitFor(async () => expect(await list(service, "STOPPED")).toHaveLength(count));
  const messages = async (name: string) => ((await describeService(name)).events ?? []).map(({ message }) => message);

  it("is what happened to it, newest first", async () => {
    fleet.setDesiredCount("canary", 1);
    const [{ id }] = tasks as [StandInTask];
    fleet.setDesiredCount("canary", 0);
    await stopped("canary", 1);
    expect(await messages("canary")).toEqual([
      "(service canary) has reached a steady state.",
      `(service canary) has stopped 1 running tasks: (task ${id}).`,
      "(service canary) has reached a steady state.",
      `(service canary) has started 1 tasks: (task ${id}).`,
    ]);
    const [event] = (await describeService("canary")).events ?? [];
    expect(event).toMatchObject({ id: expect.any(String), createdAt: expect.any(Date) });
  });

  it("says once that a task waits for a place on this machine, for as long as it does", async () => {
    fleet.setDesiredCount("canary", 4);
    fleet.setDesiredCount("etl", 2);
    expect(await describeService("etl")).toMatchObject({ desiredCount: 2, runningCount: 0, pendingCount: 2 });
    const noPlace =
      "(service etl) was unable to place a task. Reason: This machine has no free place for it: it runs 4 tasks of all services at most.";
    expect([await messages("etl"), await messages("etl")]).toEqual([[noPlace], [noPlace]]);
    fleet.setDesiredCount("canary", 2);
    await vi.waitFor(async () => expect((await messages("etl"))[0]).toBe("(service etl) has reached a steady state."));
  });

  it("is a deployment that has failed tasks while they end soon after their start", async () => {
    fleet.setDesiredCount("canary", 1);
    expect((await describeService("canary")).deployments).toMatchObject([
      { status: "PRIMARY", desiredCount: 1, runningCount: 1, failedTasks: 0, rolloutState: "COMPLETED" },
    ]);
    tasks[0]!.end(1);
    await stopped("canary", 1);
    const { deployments, events } = await describeService("canary");
    expect(deployments).toMatchObject([{ pendingCount: 1, failedTasks: 1, rolloutState: "IN_PROGRESS" }]);
    expect(events?.[0]?.message).toBe("(service canary) is unable to consistently start tasks successfully.");
  });

  it("is each task that runs, and how the last ten ended", async () => {
    fleet.setDesiredCount("canary", 1);
    const [running] = tasks as [StandInTask];
    expect(await list("canary")).toEqual([taskArn(running.id)]);
    expect(await describeTask(running.id)).toMatchObject({
      taskArn: taskArn(running.id),
      group: "service:canary",
      lastStatus: "RUNNING",
      desiredStatus: "RUNNING",
      startedAt: expect.any(Date),
      containers: [{ name: "worker", lastStatus: "RUNNING" }],
    });
    fleet.setDesiredCount("canary", 0);
    await stopped("canary", 1);
    expect(await list("canary")).toEqual([]);
    expect(await describeTask(taskArn(running.id))).toMatchObject({
      lastStatus: "STOPPED",
      desiredStatus: "STOPPED",
      stopCode: "ServiceSchedulerInitiated",
      stoppedReason: expect.stringMatching(/^Scaling activity initiated by \(deployment ecs-svc\/\d+\)$/),
      startedAt: expect.any(Date),
      stoppedAt: expect.any(Date),
      containers: [{ name: "worker", lastStatus: "STOPPED", exitCode: 0 }],
    });
  });

  it.each([
    ["crashed", 1, { stopCode: "EssentialContainerExited", containers: [{ exitCode: 1 }] }],
    ["was killed", "SIGKILL", { stopCode: "EssentialContainerExited", containers: [{ exitCode: 137 }] }],
    [
      "the system did not start",
      "spawn ENOMEM",
      {
        stopCode: "TaskFailedToStart",
        stoppedReason: "CannotStartContainerError: spawn ENOMEM",
        containers: [{ reason: "CannotStartContainerError: spawn ENOMEM" }],
      },
    ],
  ])("says of a task that %s how it ended", async (_, exit, shape) => {
    fleet.setDesiredCount("canary", 1);
    tasks[0]!.end(exit);
    await stopped("canary", 1);
    expect(await describeTask(tasks[0]!.id)).toMatchObject(shape);
  });

  it("says of a task that used too much memory that it did", async () => {
    fleet.setDesiredCount("canary", 1);
    fleet.willEnd(tasks[0]!.id, "OutOfMemoryError: Container killed due to memory usage");
    tasks[0]!.end("SIGKILL");
    await stopped("canary", 1);
    const reason = "OutOfMemoryError: Container killed due to memory usage";
    expect(await describeTask(tasks[0]!.id)).toMatchObject({ containers: [{ exitCode: 137, reason }] });
  });

  it("is no more than the last ten stopped tasks of each service", async () => {
    for (let count = 1; count <= 12; count += 1) {
      fleet.setDesiredCount("canary", 1);
      const { id } = tasks.at(-1)!;
      fleet.setDesiredCount("canary", 0);
      await vi.waitFor(async () => expect((await list("canary", "STOPPED"))[0]).toBe(taskArn(id)));
    }
    expect(await list("canary", "STOPPED")).toHaveLength(10);
    expect(await list("etl", "STOPPED")).toEqual([]);
    const { tasks: described, failures } = await client.send(
      new DescribeTasksCommand({ cluster: "local", tasks: [tasks[0]!.id, tasks[11]!.id] }),
    );
    expect(described).toHaveLength(1);
    expect(failures).toEqual([{ arn: taskArn(tasks[0]!.id), reason: "MISSING" }]);
  });

  it("is refused of what does not exist", async () => {
    await expect(list("other")).rejects.toMatchObject({ name: "ServiceNotFoundException" });
    await expect(client.send(new DescribeTasksCommand({ cluster: "local", tasks: [] }))).rejects.toMatchObject({
      name: "InvalidParameterException",
    });
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
