import { defineEnvironment } from "./define-environment.ts";
import type { Environment } from "./environment.ts";

/**
 * Private subnets, state in S3, logs for a year, and nothing that holds work can be destroyed by accident. Of the examples, only the canary
 * that checks a deployment.
 */
export default function prodEnvironment(): Environment {
  return defineEnvironment({
    name: "prod",
    accountId: "444455556666",
    region: "us-east-1",
    backend: { kind: "s3", bucket: "example-terraform-state-prod", region: "us-east-1", lockfile: true },
    network: { kind: "private-with-endpoints", cidr: "10.30.0.0/16", zones: ["us-east-1a", "us-east-1b"] },
    jobTypes: ["canary"],
    throttling: { requestsPerSecond: 500, burst: 1_000 },
    logRetentionDays: 365,
    protection: { deletionProtection: true, preventDestroy: true },
    roles: { path: "/jobs/" },
    // Each caller who waits for a job to end takes one of query-job's for as long, and none of the others'.
    lambda: {
      reservedConcurrency: {
        "add-job": 100,
        "create-upload": 20,
        "query-job": 400,
        "cancel-job": 10,
        control: 5,
        why: 20,
        "dead-letter": 5,
        "on-complete": 5,
        schedule: 50,
      },
    },
    fargate: { base: 1, weight: 1, spotWeight: 1, maxVcpus: 500 },
    // The version that the resources' bindings are made from, and its patches: a pipeline has no lock file that would keep one.
    terraform: { providerVersion: "~> 6.25.0" },
  });
}
