import { callSettings, dynamoDbDocumentClient, sqsClient } from "@autoscaling-job-queues/domain/clients";
import { SchedulerClient } from "@aws-sdk/client-scheduler";
import type { Environment } from "../environments/environment.ts";
import { platformNames } from "../modules/names.ts";
import { MessageSender } from "./message-sender.ts";

/** The jobs of an environment, as an operator's commands reach them: with the SDK's own credentials, in the environment's region. */
export async function platformMessages({ region, ...environment }: Environment, dryRun: boolean) {
  process.env.AWS_REGION = region;
  return await messagesOf(platformNames({ region, ...environment }), dryRun);
}

/** The jobs of a platform by its names, with the clients that the variables of this process make. */
export async function messagesOf(
  names: Pick<ReturnType<typeof platformNames>, "jobsTable" | "jobTypesTable" | "scheduleGroup">,
  dryRun: boolean,
) {
  const dynamoDb = dynamoDbDocumentClient();
  const sender = await MessageSender.create({
    dynamoDb,
    sqs: sqsClient(),
    scheduler: new SchedulerClient(callSettings()),
    jobTypesTable: names.jobTypesTable,
    scheduleGroup: names.scheduleGroup,
    now: Date.now,
    dryRun,
  });
  return { dynamoDb, sender, table: names.jobsTable };
}

/** Says what an operator must know beside the counts; the command fails where it could not do something for all. */
export function tellRemarks(sender: MessageSender): void {
  for (const line of remarks(sender)) console.log(line);
  if (sender.unsound.length > 0) process.exitCode = 1;
}

function remarks({ withoutSchedule, unknownTypes, unsound }: MessageSender): string[] {
  return [
    ...(unknownTypes.size === 0
      ? []
      : [
          `no message was sent to types that are not registered: ${[...unknownTypes].sort().join(", ")}; apply their stacks, and run this again`,
        ]),
    ...(withoutSchedule.length === 0
      ? []
      : [
          `jobs for later that have no schedule any more, as after they were cancelled: ${withoutSchedule.length}. Cancel them again:`,
          ...withoutSchedule.sort().map((id) => `  ${id}`),
        ]),
    ...(unsound.length === 0
      ? []
      : [
          `items that no job is like, as somebody else may have written them: ${unsound.length}. They were left alone, and all others were not:`,
          ...unsound.sort().map((id) => `  ${id}`),
        ]),
  ];
}

/** Runs an operator's command: an error is one sentence. */
export async function runCommand(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
