import { UpdateServiceCommand } from "@aws-sdk/client-ecs";
import { CreateBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { GetQueueAttributesCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { findJobFolders } from "../../../domain/find-job-folders.ts";
import { DEFAULT_ROUTE, LAMBDAS, ROUTES } from "../../../domain/routes.ts";
import { canaryJob } from "../../../jobs/canary/job-type.ts";
import { snsEvent } from "../../../local/aws/batch-subscription.ts";
import { startDeadLetterMapping } from "../../../local/aws/dead-letter-mapping.ts";
import type { TaskProcess } from "../../../local/aws/task-process.ts";
import { loadDeployments } from "../../../modules/deployments.ts";
import { packageLambdas } from "../../../modules/lambda-package.ts";
import { arnOf } from "../../../modules/names.ts";
import { imageRepositoryUrl, loadImageTags } from "../../../modules/worker-image.ts";
import { scalingFor } from "../../../scaling/scaling-for.ts";
import { endWaitForImage } from "../../../scripts/waiting-service.ts";
import { localDatabase } from "../../support/local-database.ts";
import { polledQueues } from "../deployed-api.ts";
import { DeployedAutoscaler, queueDepth } from "../deployed-autoscaler.ts";
import type { ApiAnswer } from "../deployed-lambdas.ts";
import type { DeployedPlatform } from "../deployed-platform.ts";
import { deployedScaling } from "../deployed-scaling.ts";
import { deployedContainer, deployedService } from "../deployed-service.ts";
import { DEPLOYED_TYPES, FOLDERS } from "../deployment.ts";

const [CANARY, WORD_COUNT, ORDER_TOTALS] = DEPLOYED_TYPES;
/** Too large for a job's item: it goes through S3. */
const LARGE_TEXT = "large ".repeat(2_000);
/** A poll that its worker has left goes on in moto; a message that it takes comes again after 30 s. */
const LONG = { timeout: 180_000, interval: 200 };

let platform: DeployedPlatform;

async function addJob(type: string, input: unknown): Promise<string> {
  const { status, body } = await platform.lambdas.request("addJob", { body: { type, input } });
  expect(body).toMatchObject({ type, status: "QUEUED", owner: expect.stringContaining("arn:aws:iam::") });
  expect(status).toBe(202);
  return body.id;
}

/** The job as GET shows it, once it has this status. */
async function jobIn(status: string, id: string): Promise<ApiAnswer["body"]> {
  return await vi.waitFor(async () => {
    const { body } = await platform.lambdas.request("getJob", { id });
    expect(body).toMatchObject({ status });
    return body;
  }, LONG);
}

/** Waits for every version of a job up to the one that GET shows. */
async function expectEveryVersion({ id, version }: ApiAnswer["body"]): Promise<void> {
  const all = Array.from({ length: version }, (_, index) => index + 1);
  await vi.waitFor(() => expect(platform.events.versions(id)).toEqual(all), LONG);
}

const desiredCount = async (type: string) => (await deployedService(platform.aws, platform.cluster, type)).desiredCount;

async function stop(worker: TaskProcess): Promise<void> {
  worker.terminate();
  expect(await worker.exit).toBe(0);
}

/** @param on what was deployed, once it has started. */
export function wiring(on: () => DeployedPlatform): void {
  describe("its wiring", () => {
    beforeAll(() => {
      platform = on();
    });

    describe("the deployed API", () => {
      it("has every route, for callers that IAM allows, and leads it to its Lambda", () => {
        const named = Object.values(ROUTES).map(({ method, path, lambda }) => ({ routeKey: `${method} ${path}`, lambda }));
        const expected = [...named, DEFAULT_ROUTE];
        const deployed = platform.routes.map(({ routeKey, lambda }) => ({ routeKey, lambda }));
        expect(deployed).toEqual(expect.arrayContaining(expected));
        expect(deployed).toHaveLength(expected.length);
        expect(new Set(platform.routes.map(({ authorizationType }) => authorizationType))).toEqual(new Set(["AWS_IAM"]));
      });

      it("runs the bundles of this checkout", async () => {
        const packages = await packageLambdas("dist/handlers");
        for (const name of LAMBDAS) {
          expect(platform.functions.get(name)).toMatchObject({ CodeSha256: packages[name].hash, Handler: "index.handler" });
        }
      });

      it("lists the job types whose stacks were applied", async () => {
        const { body } = await platform.lambdas.request("listJobTypes");
        expect(body.items.map(({ name }: { name: string }) => name)).toEqual(expect.arrayContaining([...DEPLOYED_TYPES]));
      });
    });

    describe.each(DEPLOYED_TYPES)("the deployed task definition of %s", (type) => {
      it("runs the image whose tag the build found", async () => {
        const { environment, aws, cluster } = platform;
        const { image } = await deployedContainer(aws, await deployedService(aws, cluster, type));
        const deployments = await loadDeployments(await findJobFolders(FOLDERS), environment);
        const tags = await loadImageTags("dist/image-tags.json", environment, deployments);
        expect(image).toBe(`${imageRepositoryUrl(environment, type)}:${tags[type]}`);
      });
    });

    describe("the push of an image that no task runs yet", () => {
      it("starts a new deployment of the service that waits for it, and none where the service runs another image", async () => {
        const { environment, aws, cluster } = platform;
        const deploymentId = async () => (await deployedService(aws, cluster, WORD_COUNT)).deployments?.[0]?.id;
        const before = await deploymentId();
        const { image: reference } = await deployedContainer(aws, await deployedService(aws, cluster, WORD_COUNT));
        const other = { jobType: WORD_COUNT, reference: `${reference}0` };
        expect(await endWaitForImage(aws.clients.ecs, environment, other)).toBeUndefined();
        expect(await deploymentId()).toBe(before);
        const told = await endWaitForImage(aws.clients.ecs, environment, { jobType: WORD_COUNT, reference });
        expect(told).toMatch(/started a new deployment/);
        expect(await deploymentId()).not.toBe(before);
      });
    });

    describe("what a job type's deployment.ts asks for", () => {
      it("is there for its job: a bucket that it may read, its variables, and a password that ECS has read", async () => {
        const { aws } = platform;
        const bucket = "acme-orders-emulated";
        await aws.clients.s3.send(new CreateBucketCommand({ Bucket: bucket }));
        const file = "customer,amount\nada,0.10\nbob,7\nada,0.20\n";
        await aws.clients.s3.send(new PutObjectCommand({ Bucket: bucket, Key: "orders/2026-11-30.csv", Body: file }));
        const password = { Name: "/emulated/orders/db-password", Value: "only-in-ssm", Type: "SecureString" };
        await aws.call("ssm", "AmazonSSM.PutParameter", password);
        const { variables } = await deployedContainer(aws, await deployedService(aws, platform.cluster, ORDER_TOTALS));
        expect(await variables()).toMatchObject({
          ORDERS_BUCKET: bucket,
          DB_HOST: "orders.emulated.acme.internal",
          DB_PASSWORD: "only-in-ssm",
          JOB_VARIABLES: "DB_HOST,DB_NAME,DB_PASSWORD,DB_PORT,DB_TLS,DB_USER,ORDERS_BUCKET",
        });

        const database = await localDatabase(await PGlite.create());
        const worker = await platform.startWorker(ORDER_TOTALS, { DB_HOST: "127.0.0.1", DB_PORT: String(database.port) });
        const job = await jobIn("SUCCEEDED", await addJob(ORDER_TOTALS, { day: "2026-11-30" }));
        expect(job.result).toEqual({ day: "2026-11-30", orders: 3, customers: 2, total: "7.30" });
        expect(await database.query("select customer, total::text from order_totals order by customer")).toEqual([
          { customer: "ada", total: "0.30" },
          { customer: "bob", total: "7" },
        ]);
        await stop(worker);
        await database.stop();
      });
    });

    /** Before any worker polls the queue, so that no poll that its worker has left takes a message here. */
    describe("a message that is received too often", () => {
      it("goes to the dead-letter queue, whose mapping hands it to the Lambda that fails its job", async () => {
        const { sqs, longPollSqs } = platform.aws.clients;
        const { queueUrl, deadLetterQueueUrl, deadLetters } = platform.jobType(CANARY);
        const id = await addJob(CANARY, { op: "echo", value: "never" });
        const { Attributes } = await sqs.send(
          new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ["RedrivePolicy"] }),
        );
        const { maxReceiveCount } = JSON.parse(Attributes?.RedrivePolicy ?? "{}") as { readonly maxReceiveCount: number };
        const receive = async () => await sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl, VisibilityTimeout: 0 }));
        for (let received = 0; received < maxReceiveCount; received += 1) expect((await receive()).Messages).toHaveLength(1);
        expect((await receive()).Messages ?? []).toEqual([]);

        const deadLetter = platform.functions.get("dead-letter");
        const queueArn = arnOf(platform.environment, "sqs", deadLetters);
        expect(deadLetter === undefined ? [] : await polledQueues(platform.aws, deadLetter)).toContain(queueArn);
        const problems: string[] = [];
        const mapping = startDeadLetterMapping({
          sqs,
          longPollSqs,
          invoke: platform.lambdas.invoke,
          queueUrl: deadLetterQueueUrl,
          queueArn,
          report: (line) => problems.push(line),
        });
        const job = await jobIn("FAILED", id);
        expect(job.error).toMatchObject({ code: "DeadLettered" });
        await expectEveryVersion(job);
        await mapping.stop();
        expect(problems).toEqual([]);
      });
    });

    describe("a job", () => {
      it("wakes its service from zero, is done by a worker, and every version of it is delivered", async () => {
        expect(await desiredCount(WORD_COUNT)).toBe(0);
        const id = await addJob(WORD_COUNT, { text: "to be or not to be", top: 1 });
        expect(await desiredCount(WORD_COUNT)).toBe(1);
        const worker = await platform.startWorker(WORD_COUNT);
        const job = await jobIn("SUCCEEDED", id);
        expect(job).toMatchObject({ attempt: 1, result: { words: 6 } });
        await expectEveryVersion(job);
        expect(platform.events.events.findLast((event) => event.id === id)).toMatchObject({
          status: "SUCCEEDED",
          version: job.version,
        });
        await stop(worker);
      });
    });

    describe("a running worker", () => {
      let worker: TaskProcess;
      beforeAll(async () => {
        worker = await platform.startWorker(CANARY);
      });
      afterAll(async () => {
        await stop(worker);
      });

      it("takes a large input from the bucket, and leaves a large result there", async () => {
        const job = await jobIn("SUCCEEDED", await addJob(CANARY, { op: "echo", value: LARGE_TEXT }));
        expect(job.inputLocation.bytes).toBeGreaterThan(LARGE_TEXT.length);
        expect(await (await fetch(job.inputUrl)).json()).toEqual({ op: "echo", value: LARGE_TEXT });
        expect(await (await fetch(job.resultUrl)).json()).toEqual({ value: LARGE_TEXT });
        await expectEveryVersion(job);
      });

      it("hears that its job is to be cancelled", async () => {
        const id = await addJob(CANARY, { op: "sleep", seconds: 60 });
        await jobIn("RUNNING", id);
        const { status, body } = await platform.lambdas.request("cancelJob", { id });
        expect(status).toBe(202);
        expect(body).toHaveProperty("cancelRequestedAt");
        await expectEveryVersion(await jobIn("CANCELLED", id));
      });
    });

    describe("a deployed batch", () => {
      it("is added, runs, is told to be complete, and is followed by the job that it asked for", async () => {
        const items = [1, 2, 3].map((value) => ({ input: { op: "echo", value } }));
        const onComplete = { type: CANARY, input: { op: "echo", value: LARGE_TEXT } };
        const { status, body: batch } = await platform.lambdas.request("addBatch", {
          headers: { "idempotency-key": "deployed" },
          body: { type: CANARY, items, onComplete },
        });
        expect({ status, batch }).toMatchObject({ status: 202, batch: { status: "OPEN", total: 3 } });
        const worker = await platform.startWorker(CANARY);
        const event = await vi.waitFor(() => {
          const told = platform.events.batches.find(({ id }) => id === batch.id);
          expect(told).toMatchObject({ status: "COMPLETE", succeeded: 3 });
          return told;
        }, LONG);
        // SNS calls it, which moto's does not.
        await platform.lambdas.invoke("on-complete", snsEvent({ Body: JSON.stringify(event) }, "topic"));
        const { body } = await platform.lambdas.request("getBatch", { id: batch.id });
        expect(await jobIn("SUCCEEDED", body.onCompleteJobId)).toMatchObject({ type: CANARY });
        await stop(worker);
      });
    });

    describe("the deployed alarms and policies", () => {
      it("are the scaling model's, and take the desired count from zero up and back to zero", async () => {
        const { aws, cluster } = platform;
        const { queueUrl, queue, service, alarm } = platform.jobType(CANARY);
        const scaling = await deployedScaling(aws, {
          resourceId: `service/${cluster}/${service}`,
          alarmNames: { scaleOut: alarm("scale-out"), empty: alarm("empty") },
          queueName: queue,
        });
        expect(scaling).toEqual(scalingFor(canaryJob.scaling));

        // The state in which only the alarms are left to act: as after a wake call that failed.
        await aws.clients.ecs.send(new UpdateServiceCommand({ cluster, service, desiredCount: 0 }));
        const autoscaler = new DeployedAutoscaler({ aws, cluster, service, queueUrl, scaling });
        expect(await autoscaler.minute(0)).toBe(0);
        const ids = await Promise.all(Array.from({ length: 25 }, (_, value) => addJob(CANARY, { op: "echo", value })));
        await aws.clients.ecs.send(new UpdateServiceCommand({ cluster, service, desiredCount: 0 }));
        const wanted = await autoscaler.minute(0);
        expect(wanted).toBe(Math.ceil(ids.length / canaryJob.scaling.backlogPerTask));

        const workers = await Promise.all(Array.from({ length: wanted }, () => platform.startWorker(CANARY)));
        await Promise.all(ids.map((id) => jobIn("SUCCEEDED", id)));
        await vi.waitFor(
          async () => expect(await queueDepth(aws, queueUrl)).toEqual({ visible: 0, inFlight: 0, delayed: 0 }),
          LONG,
        );
        const counts: number[] = [];
        while (counts.length < canaryJob.scaling.idleMinutes) counts.push(await autoscaler.minute(workers.length));
        expect(counts.slice(0, -1)).not.toContain(0);
        expect(counts.at(-1)).toBe(0);
        await Promise.all(workers.map(stop));
      });
    });
  });
}
