import type { Environment } from "../environments/environment.ts";
import { arnOf, jobTypeNames } from "./names.ts";
import type { PolicyStatement } from "./policy-document.ts";

/**
 * Lets Lambda poll the dead-letter queue of every job type in the name of the dead-letter Lambda.
 *
 * It is in the role's own policy, unlike the right to send to a queue: the execution role of a function that a queue invokes
 * "must include" these three actions (Amazon SQS developer guide: configuring a queue to trigger a function), and Lambda checks
 * that when a mapping is made. The names of dead-letter queues end alike, so one statement serves every type, also those to
 * come; a statement for each would outgrow the 10,240 characters that a role's inline policies have (IAM quotas).
 */
export function pollDeadLetters(environment: Environment): PolicyStatement {
  return {
    sid: "PollDeadLetters",
    actions: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
    resources: [arnOf(environment, "sqs", jobTypeNames(environment, "*").deadLetters)],
  };
}
