import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  RegisterScalableTargetCommand,
} from "@aws-sdk/client-application-auto-scaling";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ListeningServer } from "../../../local/aws/listening.ts";
import { ScalableTargets } from "../../../local/aws/scaling-endpoint.ts";

const targets = new ScalableTargets([["canary", { minTasks: 0, maxTasks: 5 }]]);
const SCALED = { ServiceNamespace: "ecs", ScalableDimension: "ecs:service:DesiredCount" } as const;
const ALL = { DynamicScalingInSuspended: true, DynamicScalingOutSuspended: true, ScheduledScalingSuspended: true };

let server: ListeningServer;
let client: ApplicationAutoScalingClient;
beforeAll(async () => {
  server = await targets.listen();
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  client = new ApplicationAutoScalingClient({ endpoint: server.address, region: "us-east-1", credentials, maxAttempts: 1 });
});
afterAll(async () => {
  client.destroy();
  await server.stop();
});

const register = (service: string, SuspendedState: Partial<typeof ALL>) =>
  client.send(new RegisterScalableTargetCommand({ ...SCALED, ResourceId: `service/local/${service}`, SuspendedState }));
const described = async () =>
  (await client.send(new DescribeScalableTargetsCommand({ ...SCALED, ResourceIds: ["service/local/canary"] }))).ScalableTargets;

describe("the scaling of this machine's services", () => {
  it("is suspended and goes on, as the control Lambda asks", async () => {
    expect(await described()).toMatchObject([
      { MinCapacity: 0, MaxCapacity: 5, SuspendedState: { ScheduledScalingSuspended: false } },
    ]);
    await register("canary", ALL);
    expect(targets.target("canary")?.suspended).toBe(true);
    expect(await described()).toMatchObject([{ SuspendedState: ALL }]);
    await register("canary", {});
    expect(targets.target("canary")?.suspended).toBe(true);
    await register("canary", Object.fromEntries(Object.keys(ALL).map((name) => [name, false])));
    expect(targets.target("canary")?.suspended).toBe(false);
  });

  it("refuses a service that it does not know, and half a suspension", async () => {
    await expect(register("other", ALL)).rejects.toThrow("MinCapacity");
    await expect(register("canary", { DynamicScalingInSuspended: true })).rejects.toThrow("as a whole");
  });
});
