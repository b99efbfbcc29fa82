import { GetObjectCommand } from "@aws-sdk/client-s3";
import { jobIdForKey, newJobId } from "../../domain/job-id.ts";
import { declaredEvent } from "../../domain/schedule-event.ts";
import { jobScheduleName } from "../../domain/schedule-settings.ts";
import { ADA, ownerOf } from "../handlers/api-event.ts";
import { type CallApi, followLinks, upload } from "./api-calls.ts";
import type { RecordedCall } from "./call-recorder.ts";
import type { Deployment } from "./deployment.ts";
import type { EmulatedDeployment } from "./emulated-deployment.ts";
import { workerOf } from "./principals.ts";

interface Tools {
  readonly api: CallApi;
  readonly published: (accessKey: string, id: string, status: string) => Promise<RecordedCall>;
}

const LATER = { delaySeconds: 3_600 };
const echo = (value: unknown) => ({ type: "canary", input: { op: "echo", value } });

/** Has jobs be added for later, come due, be cancelled and be retried, and jobs be added by schedules. */
export async function runLater(deployment: Deployment, emulated: EmulatedDeployment, { api, published }: Tools): Promise<void> {
  const { invoke, scheduler, ecs } = emulated;
  // Its service has gone to sleep since jobs were added.
  ecs.desiredCount = 0;
  const soon = new Date().toISOString();
  await invoke("schedule", { jobId: newJobId("canary", Date.now()), runAt: soon });
  for (const scheduledTime of [soon, new Date(Date.now() + 60_000).toISOString()]) {
    const nightly = { ...declaredEvent("canary", { name: "nightly", ...echo("night"), skipWhileRunning: true }), scheduledTime };
    await invoke("schedule", nightly);
    await published(workerOf("canary"), jobIdForKey("canary", "schedule:canary/nightly", scheduledTime), "SUCCEEDED");
  }

  // The schedule of a request that died before it made its job.
  const runAt = new Date(Date.now() + 3_600_000).toISOString();
  const given = jobScheduleName({ id: jobIdForKey("canary", ownerOf(ADA), "given up"), runAt });
  scheduler.put(given, { ScheduleExpression: "at(2099-01-01T00:00:00)", Target: { Arn: "", RoleArn: "", Input: "{}" } });
  await api("addJob", { body: { ...echo("again"), runAt }, headers: { "idempotency-key": "given up" } });

  const files = { data: await upload(api) };
  const body = { ...echo("x".repeat(5_000)), files, ...LATER };
  const large = await api("addJob", { body });
  await followLinks(await api("getJob", { id: large.id }));
  await api("cancelJob", { id: large.id });
  await published(workerOf("canary"), (await api("retryJob", { id: large.id })).id, "SUCCEEDED");

  // No worker comes to it for an hour.
  const { attributes } = deployment.resource("platform", "aws_s3_bucket", "results_bucket");
  await emulated
    .s3ClientOf(workerOf("canary"))
    .send(new GetObjectCommand({ Bucket: String(attributes.bucket), Key: large.inputLocation.key }));
}
