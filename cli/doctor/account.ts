import { awsSentence } from "../aws/aws-failure.ts";
import { regionOf } from "../aws/platform-name.ts";
import type { Check, Finding, Patient } from "./finding.ts";

/** The roles that AWS makes for its services, and which commands make them (docs/adopt.md). */
const SERVICE_LINKED_ROLES = [
  { role: "AWSServiceRoleForECS", service: "ecs.amazonaws.com" },
  { role: "AWSServiceRoleForApplicationAutoScaling_ECSService", service: "ecs.application-autoscaling.amazonaws.com" },
  { role: "AWSServiceRoleForAPIGateway", service: "ops.apigateway.amazonaws.com" },
] as const;

/** AWS keeps so many executions for functions without a reservation (Lambda: reserved concurrency). */
const UNRESERVED_LEAST = 100;

/** What an account must have, whatever runs in it. */
export const accountChecks: readonly Check[] = [
  { name: "service-linked roles", look: async (patient) => await roleFindings(patient) },
  { name: "Lambda concurrency", look: async (patient) => [await concurrencyFinding(patient)] },
];

async function roleFindings({ connection, signal }: Patient): Promise<readonly Finding[]> {
  const check = "service-linked roles";
  const { GetRoleCommand, IAMClient } = await import("@aws-sdk/client-iam");
  const client = new IAMClient(regionOf(connection?.region));
  const missing: Finding[] = [];
  for (const { role, service } of SERVICE_LINKED_ROLES) {
    try {
      await client.send(new GetRoleCommand({ RoleName: role }), { abortSignal: signal });
    } catch (error) {
      signal.throwIfAborted();
      if ((error as Error).name !== "NoSuchEntityException") throw new Error(awsSentence(`read the role ${role}`, error));
      const fix = `aws iam create-service-linked-role --aws-service-name ${service}`;
      missing.push({ check, status: "wrong", message: `${role} is missing`, fix });
    }
  }
  return missing.length > 0 ? missing : [{ check, status: "ok", message: "all three are there" }];
}

async function concurrencyFinding({ connection, signal }: Patient): Promise<Finding> {
  const check = "Lambda concurrency";
  const { GetAccountSettingsCommand, LambdaClient } = await import("@aws-sdk/client-lambda");
  const client = new LambdaClient(regionOf(connection?.region));
  const settings = await client.send(new GetAccountSettingsCommand({}), { abortSignal: signal }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw new Error(awsSentence("read Lambda's limits (lambda:GetAccountSettings)", error));
  });
  const { ConcurrentExecutions: all = 0, UnreservedConcurrentExecutions: unreserved = 0 } = settings.AccountLimit ?? {};
  const message = `${all} executions at a time, ${unreserved} of them not reserved`;
  if (unreserved > UNRESERVED_LEAST) return { check, status: "ok", message };
  const fix = "raise the quota of Lambda's concurrent executions (L-B99A9384), or reserve less (lambda.reservedConcurrency)";
  return { check, status: "warning", message, fix };
}
