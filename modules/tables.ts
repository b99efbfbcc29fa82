import { indexesOf, keyAttributes, TABLES } from "@autoscaling-job-queues/domain/tables";
import { DynamodbTable, type DynamodbTableConfig } from "@cdktf/provider-aws/lib/dynamodb-table/index.js";
import { Construct } from "constructs";
import type { Environment } from "../environments/environment.ts";
import { platformNames } from "./names.ts";
import { holdsState } from "./protection.ts";

const attributesOf = (table: Parameters<typeof keyAttributes>[0]) => keyAttributes(table).map((name) => ({ name, type: "S" }));

/** The table of jobs with its indexes for listing, and the table in which job types register themselves. */
export class Tables extends Construct {
  readonly jobs: DynamodbTable;
  readonly jobTypes: DynamodbTable;

  constructor(scope: Construct, id: string, environment: Environment, keyArn: string) {
    super(scope, id);
    const names = platformNames(environment);
    const { jobs, jobTypes } = TABLES;
    const common = {
      billingMode: "PAY_PER_REQUEST",
      pointInTimeRecovery: { enabled: true },
      serverSideEncryption: { enabled: true, kmsKeyArn: keyArn },
      deletionProtectionEnabled: environment.protection.deletionProtection,
    } satisfies Partial<DynamodbTableConfig>;
    this.jobs = new DynamodbTable(this, "jobs", {
      ...common,
      name: names.jobsTable,
      hashKey: jobs.hashKey,
      attribute: attributesOf(jobs),
      globalSecondaryIndex: indexesOf(jobs).map(({ attributes, ...keys }) => ({
        ...keys,
        projectionType: "INCLUDE",
        nonKeyAttributes: [...attributes],
      })),
      ttl: { attributeName: jobs.ttl, enabled: true },
    });
    this.jobTypes = new DynamodbTable(this, "job-types", {
      ...common,
      name: names.jobTypesTable,
      hashKey: jobTypes.hashKey,
      rangeKey: jobTypes.rangeKey,
      attribute: attributesOf(jobTypes),
    });
    holdsState(this.jobs, "jobs_table", environment);
    holdsState(this.jobTypes, "job_types_table", environment);
  }
}
