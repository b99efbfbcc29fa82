import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { JobStates } from "./job-states.ts";

/** What SNS hands to a function. There is one record in it. */
interface SnsEvent {
  readonly Records: readonly { readonly Sns: { readonly Message: string } }[];
}

const { JOB_STATES_TABLE_NAME: tableName } = process.env;
if (tableName === undefined) throw new Error("JOB_STATES_TABLE_NAME is not set: the table whose key is the job's ID");

const states = new JobStates(
  // The SDK has no time limits of its own. Three tries fit into the function's timeout.
  new DynamoDBClient({ requestHandler: { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true } }),
  tableName,
);

/** Keeps the newest state of each job. What it throws, Lambda tries twice more, and then leaves to the dead-letter queue. */
export async function handler({ Records }: SnsEvent): Promise<void> {
  for (const { Sns } of Records) {
    const event = await states.keep(Sns.Message);
    if (event !== undefined) console.log(`${event.id} ${event.version} ${event.status}`);
  }
}
