import { CloudWatchLogsClient, CreateLogStreamCommand, PutLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { SubscribeCommand } from "@aws-sdk/client-sns";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { startGateway } from "../../../local/aws/gateway.ts";
import type { ListeningServer } from "../../../local/aws/listening.ts";
import { platformNames } from "../../../modules/names.ts";
import { PLATFORM_STACK } from "../../../modules/platform-outputs.ts";
import { type CliDocument, type CliRun, runCli } from "../../cli/run-cli.ts";
import type { DeployedPlatform } from "../deployed-platform.ts";
import { DEPLOYED_TYPES } from "../deployment.ts";

/** The command `jobs` against what was deployed: it signs, and reads AWS with the caller's credentials. */

const TYPE = "canary";
let platform: DeployedPlatform;
let gateway: ListeningServer;
let env: NodeJS.ProcessEnv;

const jobs = async (...args: string[]): Promise<CliRun> => await runCli(args, { env });
const added = async (): Promise<string> => {
  const { documents, stderr } = await jobs("add", TYPE, '{"op":"echo","value":1}', "--delay", "1h");
  expect(stderr).toBe("");
  return documents[0]!.id;
};

/** @param on what was deployed, once it has started. */
export function cli(on: () => DeployedPlatform): void {
  describe("the command jobs on it", () => {
    beforeAll(async () => {
      platform = on();
      gateway = await startGateway(platform.lambdas.invoke, 0);
      const { namePrefix } = platform.environment;
      // Leads to this machine as well, and is no name of it: so the calls are signed.
      const JOBS_API_URL = gateway.address.replace(/localhost|127\.0\.0\.1/, "0.0.0.0");
      env = { ...platform.aws.variables, JOBS_API_URL, JOBS_NAME_PREFIX: namePrefix };
    });
    afterAll(async () => await gateway?.stop());

    describe("jobs", () => {
      it("adds a job, lists and cancels it", async () => {
        const id = await added();
        expect((await jobs("list", "--type", TYPE)).documents.map((job) => job.id)).toContain(id);
        expect((await jobs("cancel", id)).documents).toMatchObject([{ id, status: "CANCELLED" }]);
      });

      it("shows the lines of a job in CloudWatch Logs, of all its workers, in order, and of no other job", async () => {
        const id = await added();
        const { endpoint } = inject("deployment");
        const { region } = platform.environment;
        const logs = new CloudWatchLogsClient({
          endpoint,
          region,
          credentials: { accessKeyId: "emulated", secretAccessKey: "emulated" },
        });
        const { logs: logGroupName } = platform.jobType(TYPE);
        const at = Date.now();
        for (const attempt of [2, 1]) {
          const logStreamName = `worker/worker/${attempt}`;
          const line = (jobId: string) => ({
            timestamp: at + attempt,
            message: JSON.stringify({
              level: "INFO",
              message: `attempt ${attempt}`,
              timestamp: new Date(at + attempt).toISOString(),
              jobId,
              attempt,
            }),
          });
          await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
          await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents: [line(id), line(`${TYPE}_other`)] }));
        }
        logs.destroy();
        const { code, documents, stderr } = await jobs("logs", id);
        expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
        expect(documents).toMatchObject([
          { jobId: id, message: "attempt 1" },
          { jobId: id, message: "attempt 2" },
        ]);
        const { documents: ofWorkers } = await jobs("logs", TYPE);
        expect(ofWorkers.map(({ jobId }) => jobId)).toEqual(expect.arrayContaining([id, `${TYPE}_other`]));
      });

      it("says which log group there is not", async () => {
        const { code, stderr } = await runCli(["logs", await added()], { env: { ...env, JOBS_NAME_PREFIX: "jobs-nowhere" } });
        expect(stderr).toMatch(/^jobs: there is no log group \/jobs-nowhere\/workers\/canary; is JOBS_NAME_PREFIX .*\n$/);
        expect(code).toBe(1);
      });
    });

    describe("jobs doctor", () => {
      const findings = async (): Promise<readonly CliDocument[]> => (await jobs("doctor")).documents;

      it("looks at the caller, the account and the deployment, and tells what mends what is wrong", async () => {
        const found = await findings();
        const of = (check: string) => found.filter((finding) => finding.check === check);
        expect(of("credentials")).toMatchObject([{ status: "ok", message: expect.stringContaining("arn:aws:") }]);
        expect(of("API")).toMatchObject([{ status: "ok" }]);
        expect(of("version")).toMatchObject([{ status: "ok" }]);
        for (const { status, fix } of of("service-linked roles").filter((finding) => finding.status === "wrong")) {
          expect({ status, fix }).toEqual({
            status: "wrong",
            fix: expect.stringMatching(/^aws iam create-service-linked-role /),
          });
        }
        expect(of("Lambda concurrency")).toHaveLength(1);
        for (const type of DEPLOYED_TYPES) {
          // No test pushes an image.
          const fix = `npm run image -- ${type} --push: docs/image.md`;
          expect(of(`image of ${type}`)).toMatchObject([{ status: "wrong", fix }]);
        }
        expect(of("alarms")).toMatchObject([
          { status: "warning", fix: expect.stringContaining("aws sns subscribe --topic-arn") },
        ]);
      });

      it("sees who is subscribed to the alarms", async () => {
        const { alerts_topic_arn: TopicArn } = inject("deployment").outputs[PLATFORM_STACK] as { alerts_topic_arn: string };
        expect(TopicArn).toContain(platformNames(platform.environment).alertsTopic);
        const Endpoint = `arn:aws:sqs:us-east-1:${platform.environment.accountId}:on-call`;
        await platform.aws.clients.sns.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint }));
        expect(await findings()).toContainEqual(expect.objectContaining({ check: "alarms", status: "ok" }));
      });
    });
  });
}
