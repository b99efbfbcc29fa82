import { CreateBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { PGlite } from "@electric-sql/pglite";
import { orderTotalsJob } from "../../examples/jobs/order-totals/job-type.ts";
import { buildWorkers } from "../../scripts/build-workers.ts";
import { localDatabase } from "../support/local-database.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import type { Deployment } from "./deployment.ts";
import type { EmulatedDeployment } from "./emulated-deployment.ts";
import { workerOf } from "./principals.ts";

const [DAY, NEXT_DAY] = ["2026-11-30", "2026-12-01"];

interface Api {
  /** @returns the job's ID. */
  readonly add: (body: object) => Promise<string>;
  readonly published: (accessKey: string, id: string, status: string) => Promise<unknown>;
}

/** Has the example that reaches a bucket and a database do all that its code does: with a file, and where there is none yet. */
export async function addUpOrders(deployment: Deployment, emulated: EmulatedDeployment, { add, published }: Api): Promise<void> {
  const { name: type } = orderTotalsJob;
  const { ORDERS_BUCKET: Bucket } = deployment.container(type).variables;
  await emulated.s3.send(new CreateBucketCommand({ Bucket }));
  const file = "customer,amount\nada,0.10\n";
  await emulated.s3.send(new PutObjectCommand({ Bucket, Key: `orders/${DAY}.csv`, Body: file }));
  const folder = await temporaryFolder("workers");
  await buildWorkers(folder, ["examples/jobs"], "dist/worker");
  const database = await localDatabase(await PGlite.create());
  try {
    const variables = { DB_HOST: "127.0.0.1", DB_PORT: String(database.port), DB_TLS: "off", DB_PASSWORD: "read by ECS" };
    emulated.startWorker(type, { folder, variables });
    const job = async (day: string | undefined, status: string): Promise<void> => {
      await published(workerOf(type), await add({ type, input: { day } }), status);
    };
    await Promise.all([job(DAY, "SUCCEEDED"), job(NEXT_DAY, "QUEUED")]);
  } finally {
    await database.stop();
  }
}
