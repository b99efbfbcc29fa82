import { defineDeployment } from "@autoscaling-job-queues/domain/deployment";

/** Environments whose database speaks no TLS: those of one machine. */
const WITHOUT_TLS = ["local", "emulated"];

export default defineDeployment(({ environment, accountId, region }) => {
  const bucket = `acme-orders-${environment}`;
  return {
    access: [
      { actions: ["s3:GetObject"], resources: [`arn:aws:s3:::${bucket}/orders/*`] },
      // Without it, S3 denies access to a file that is not there yet, and the job could not tell.
      { actions: ["s3:ListBucket"], resources: [`arn:aws:s3:::${bucket}`], reason: "TellMissingFiles" },
    ],
    secrets: { DB_PASSWORD: `arn:aws:ssm:${region}:${accountId}:parameter/${environment}/orders/db-password` },
    variables: {
      ORDERS_BUCKET: bucket,
      DB_HOST: environment === "local" ? "127.0.0.1" : `orders.${environment}.acme.internal`,
      DB_PORT: "5432",
      DB_USER: "order_totals",
      DB_NAME: "orders",
      DB_TLS: WITHOUT_TLS.includes(environment) ? "off" : "on",
    },
    network: { egress: [{ port: 5432, to: "10.40.0.0/16", description: "the database of orders" }] },
    // The shops' files come in the evening.
    schedules: [
      {
        name: "nightly",
        expression: "cron(30 2 * * ? *)",
        timezone: "Europe/Berlin",
        input: { day: "yesterday" },
        enabled: environment !== "local",
      },
    ],
    tags: { "cost-center": "orders" },
  };
});
