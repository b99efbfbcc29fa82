import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JobTypeStatus } from "../../../../client/jobs-client.ts";
import { metricReads } from "../../../../handlers/jobs/why/metric-reads.ts";
import { seriesQueries } from "../../../../handlers/jobs/why/series.ts";
import { startCloudWatch } from "../../../../local/aws/cloudwatch-endpoint.ts";
import type { ListeningServer } from "../../../../local/aws/listening.ts";
import { MetricStore } from "../../../../local/aws/metric-store.ts";
import { type ApiUnderTest, startApi } from "../../api-under-test.ts";
import { type EcsStandIn, startEcs } from "../../ecs-stand-in.ts";

const NOW = Date.parse("2026-11-30T03:00:30.000Z");

let api: ApiUnderTest;
let ecs: EcsStandIn;
let cloudWatch: ListeningServer;
const metrics = new MetricStore(1);

beforeAll(async () => {
  [api, ecs] = await Promise.all([startApi(), startEcs()]);
  cloudWatch = await startCloudWatch({ metrics, look: async () => undefined, now: () => NOW });
  Object.assign(process.env, { AWS_ENDPOINT_URL_ECS: ecs.url, AWS_ENDPOINT_URL_CLOUDWATCH: cloudWatch.address });
});
afterAll(async () => {
  await Promise.all([api.stop(), ecs.stop(), cloudWatch.stop()]);
});

async function status(hours?: string, parts: Parameters<ApiUnderTest["variant"]>[0] = {}) {
  const call = api.variant({ now: () => NOW, loadMetrics: async () => metricReads(), ...parts });
  const answer = await call("jobTypeStatus", { name: "canary", ...(hours === undefined ? {} : { query: { hours } }) });
  return { ...answer, body: answer.body as unknown as JobTypeStatus };
}

describe("the series of a job type", () => {
  it("are what CloudWatch has of its queue, its service and its workers", async () => {
    const queueName = api.queueUrl.slice(api.queueUrl.lastIndexOf("/") + 1);
    const place = { jobType: "canary", queueName, cluster: "jobs", service: "canary", namespace: "AutoscalingJobQueues" };
    const { waiting, tasks, failed, queueWaitSeconds } = seriesQueries(place);
    for (const [query, value] of [
      [waiting, 7] as const,
      [tasks, 2] as const,
      [failed, 3] as const,
      [queueWaitSeconds, 1_250] as const,
    ])
      metrics.put(query, [value], NOW - 60_000);
    const { body } = await status("1");
    expect(body.series?.periodSeconds).toBe(60);
    expect(body.series?.points).toHaveLength(60);
    expect(body.series?.points.at(-2)).toEqual({
      at: "2026-11-30T02:59:00.000Z",
      ...{ waiting: 7, running: 0, tasks: 2, succeeded: 0, failed: 3, queueWaitSeconds: 1.25 },
    });
  });

  it("are read only where they are asked for", async () => {
    const { status: code, body } = await status(undefined, {
      loadMetrics: () => expect.unreachable("nobody asked for series"),
    });
    expect(code).toBe(200);
    expect(body).not.toHaveProperty("series");
  });

  it("are left out, and named, where they cannot be read", async () => {
    const { status: code, body } = await status("24", {
      loadMetrics: async () => async () => Promise.reject(new Error("AccessDenied")),
    });
    expect(code).toBe(200);
    expect(body.unread).toContain("series");
    expect(body).not.toHaveProperty("series");
  });

  it.each(["0", "73", "1.5", "all"])("are not of %s hours", async (hours) => {
    const { status: code, body } = await status(hours);
    expect(code).toBe(400);
    expect(body).toMatchObject({ code: "InvalidRequest", errors: [{ path: "?hours" }] });
  });
});
