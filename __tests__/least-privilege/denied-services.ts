import { rows } from "./denied-attempt.ts";
import type { Arns } from "./deployed-arns.ts";

const OTHER_LOG = "arn:aws:logs:us-east-1:999999999999:log-group:other";
const otherAccount = () => ({ "aws:SourceAccount": "999999999999" });
const otherApi = ({ elsewhere }: Arns) => ({ "aws:SourceArn": `${elsewhere("execute-api", "zzzzzzzzzz")}/$default/POST/jobs` });
const otherTopic = ({ elsewhere }: Arns) => ({ "aws:SourceArn": elsewhere("sns", "somebody-elses-topic") });
const ownTopic = ({ events }: Arns) => ({ "aws:SourceArn": events });
const ownApi = ({ api }: Arns) => ({ "aws:SourceArn": `${api}/$default/POST/jobs` });

/** Services act for every account, so that what they may do depends on whom they do it for. */
export const DENIED_TO_SERVICES = [
  ...rows(
    ["cloudwatch"],
    [
      ["sns:Publish", ({ alerts }) => alerts, "the alarm is another account's", otherAccount],
      ["kms:Decrypt", ({ key }) => key, "the alarm is another account's", otherAccount],
      [
        "sns:Publish",
        ({ events }) => events,
        "alarms are no events of jobs",
        ({ account }) => ({ "aws:SourceAccount": account }),
      ],
    ],
  ),
  ...rows(
    ["apigateway"],
    [
      ["lambda:InvokeFunction", ({ lambda }) => lambda("add-job"), "it is another API", otherApi],
      ["lambda:InvokeFunction", ({ lambda }) => lambda("dead-letter"), "no route leads to it", ownApi],
    ],
  ),
  ...rows(
    ["sns"],
    [
      ["lambda:InvokeFunction", ({ lambda }) => lambda("on-complete"), "it is another topic", otherTopic],
      ["lambda:InvokeFunction", ({ lambda }) => lambda("add-job"), "no event leads to it", ownTopic],
    ],
  ),
  ...rows(
    ["ecs-tasks", "vpc-flow-logs", "scheduler"],
    [
      ["sts:AssumeRole", ({ role }) => role("platform", "schedules_role"), "it acts for another account", otherAccount],
      ["sts:AssumeRole", ({ role }) => role("canary", "task_task-role"), "it acts for another account", otherAccount],
      ["sts:AssumeRole", ({ role }) => role("platform", "flow-log-role"), "it acts for another account", otherAccount],
    ],
  ),
  ...rows(
    ["logs"],
    [
      [
        "kms:Decrypt",
        ({ key }) => key,
        "the log is another account's",
        () => ({ "kms:EncryptionContext:aws:logs:arn": OTHER_LOG }),
      ],
    ],
  ),
];
