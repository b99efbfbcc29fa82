import { LIST_INDEX } from "@autoscaling-job-queues/domain/job-list";
import { DynamodbTable, type DynamodbTableConfig } from "@cdktf/provider-aws/lib/dynamodb-table/index.js";
import { Construct } from "constructs";
import type { Environment } from "./environment.ts";
import { platformNames } from "./names.ts";
import { holdsState } from "./protection.ts";

const text = (name: string) => ({ name, type: "S" });

/** The table of jobs with its index for listing, and the table in which job types register themselves. */
export class Tables extends Construct {
  readonly jobs: DynamodbTable;
  readonly jobTypes: DynamodbTable;

  constructor(scope: Construct, id: string, environment: Environment, keyArn: string) {
    super(scope, id);
    const names = platformNames(environment);
    const common = {
      billingMode: "PAY_PER_REQUEST",
      pointInTimeRecovery: { enabled: true },
      serverSideEncryption: { enabled: true, kmsKeyArn: keyArn },
      deletionProtectionEnabled: environment.protection.deletionProtection,
    } satisfies Partial<DynamodbTableConfig>;
    this.jobs = new DynamodbTable(this, "jobs", {
      ...common,
      name: names.jobsTable,
      hashKey: "id",
      attribute: [text("id"), text("typeStatus"), text("createdAtId")],
      globalSecondaryIndex: [
        {
          name: LIST_INDEX,
          hashKey: "typeStatus",
          rangeKey: "createdAtId",
          projectionType: "INCLUDE",
          nonKeyAttributes: ["owner"],
        },
      ],
      ttl: { attributeName: "expiresAt", enabled: true },
    });
    this.jobTypes = new DynamodbTable(this, "job-types", {
      ...common,
      name: names.jobTypesTable,
      hashKey: "registry",
      rangeKey: "name",
      attribute: [text("registry"), text("name")],
    });
    holdsState(this.jobs, "jobs_table", environment);
    holdsState(this.jobTypes, "job_types_table", environment);
  }
}
