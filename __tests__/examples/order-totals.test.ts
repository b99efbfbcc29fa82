import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { testJob } from "@autoscaling-job-queues/worker/testing";
import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { deploymentIn } from "../../domain/deployment-settings.ts";
import deployment from "../../examples/jobs/order-totals/deployment.ts";
import { type LocalDatabase, localDatabase } from "../support/local-database.ts";

const FILES: Readonly<Record<string, string>> = {
  "2026-11-30": "customer,amount\nada,0.10\nbob,999999999999.9999\nada,0.20\n\n",
  "2026-12-01": "\ufeffamount,customer\n-1.5,ada\n",
  "2026-12-02": "customer,amount\n",
  "2026-12-03": "customer,amount\nada,1\nbob,12 EUR\n",
};

/** A bucket, as far as the job asks for it. */
const bucket: Server = createServer((request, response) => {
  const [, name, folder, file = ""] = request.url?.split("?")[0]?.split("/") ?? [];
  const text = name === "acme-orders-local" && folder === "orders" ? FILES[file.replace(".csv", "")] : undefined;
  if (text !== undefined) response.end(text);
  else response.writeHead(404, { "content-type": "application/xml" }).end("<Error><Code>NoSuchKey</Code></Error>");
});

let database: LocalDatabase;
let run: (day: string) => ReturnType<typeof testJob>;

beforeAll(async () => {
  database = await localDatabase(await PGlite.create());
  await new Promise<void>((resolve) => bucket.listen(0, "127.0.0.1", resolve));
  const target = { environment: "local", accountId: "000000000000", region: "us-east-1" };
  const { variables } = deploymentIn("deployment.ts", deployment, target);
  const given = {
    ...variables,
    DB_PASSWORD: "only-here",
    DB_PORT: String(database.port),
    AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${(bucket.address() as AddressInfo).port}`,
  };
  for (const [name, value] of Object.entries(given)) vi.stubEnv(name, value);
  const { default: job } = await import("../../examples/jobs/order-totals/job.ts");
  run = (day) => testJob(job, { day });
});

afterAll(async () => {
  await database.stop();
  bucket.close();
});

const totals = async () =>
  await database.query("select day::text, customer, orders, total::text from order_totals order by day, customer");

describe("the totals of a day's orders", () => {
  it("are added up to the last digit, and stored by customer", async () => {
    expect((await run("2026-11-30")).result).toEqual({ day: "2026-11-30", orders: 3, customers: 2, total: "1000000000000.2999" });
    expect(await totals()).toEqual([
      { day: "2026-11-30", customer: "ada", orders: 2, total: "0.30" },
      { day: "2026-11-30", customer: "bob", orders: 1, total: "999999999999.9999" },
    ]);
  });

  it("are the same when the job runs again, and leave other days alone", async () => {
    const before = await totals();
    await run("2026-11-30");
    expect((await run("2026-12-01")).result).toMatchObject({ customers: 1, total: "-1.5" });
    expect((await totals()).filter(({ day }) => day === "2026-11-30")).toEqual(before);
  });

  it("are none where there was no order", async () => {
    expect((await run("2026-12-02")).result).toEqual({ day: "2026-12-02", orders: 0, customers: 0, total: "0" });
  });

  it("wait for a file that is not there yet", async () => {
    await expect(run("2026-12-24")).rejects.toMatchObject({ code: "RetryAfter", seconds: 900 });
  });

  it("fail for good, and change nothing, where an order is none", async () => {
    const before = await totals();
    await expect(run("2026-12-03")).rejects.toMatchObject({
      name: "PermanentError",
      code: "InvalidOrder",
      message: "line 3 is no order: it needs a customer, and an amount such as 12.50",
    });
    expect(await totals()).toEqual(before);
  });
});
