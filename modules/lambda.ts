import { LAMBDA_TIMEOUT_SECONDS } from "@autoscaling-job-queues/domain/limits";
import type { LambdaName } from "@autoscaling-job-queues/domain/routes";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function/index.js";
import { Construct } from "constructs";
import type { Environment } from "../environments/environment.ts";
import { readVariables } from "./key-use.ts";
import type { LambdaPackage } from "./lambda-package.ts";
import { createLogGroup, writeLogs } from "./log-group.ts";
import { arnOf, platformNames } from "./names.ts";
import type { PolicyStatement } from "./policy-document.ts";
import { ServiceRole } from "./service-role.ts";

/** The folder of the packages, beside the stack's Terraform: a remote run uploads both. */
export const PACKAGES_FOLDER = "lambdas";

export interface LambdaSettings {
  readonly name: LambdaName;
  readonly description: string;
  readonly code: Pick<LambdaPackage, "fileName" | "hash">;
  readonly keyArn: string;
  readonly statements: readonly PolicyStatement[];
  readonly variables: Readonly<Record<string, string>>;
  /** Queue of the events that it failed for, of a Lambda that is called without being waited for. */
  readonly failedEventsArn?: string | undefined;
}

/** A Lambda with its own role and log group. Lambda's trust policies cannot name a source, so the role names only the service. */
export class Lambda extends Construct {
  readonly arn: string;
  readonly invokeArn: string;
  readonly functionName: string;
  readonly roleArn: string;

  constructor(scope: Construct, id: string, environment: Environment, settings: LambdaSettings) {
    super(scope, id);
    const { name, description, code, keyArn, statements, variables, failedEventsArn } = settings;
    const { runtime, architecture, memoryMiB, reservedConcurrency } = environment.lambda;
    const names = platformNames(environment);
    const logs = createLogGroup(this, "logs", environment, { name: names.lambdaLogs(name), keyArn });
    const role = new ServiceRole(this, "role", environment, {
      name,
      description: `Lambda ${names.lambda(name)}`,
      service: "lambda.amazonaws.com",
      statements: [
        ...statements,
        readVariables(keyArn, arnOf(environment, "lambda", `function:${names.lambda(name)}`)),
        writeLogs(environment, names.lambdaLogs(name)),
      ],
    });
    const reserved = reservedConcurrency[name];
    const lambda = new LambdaFunction(this, "function", {
      functionName: names.lambda(name),
      description,
      role: role.arn,
      runtime,
      architectures: [architecture],
      handler: "index.handler",
      filename: `${PACKAGES_FOLDER}/${code.fileName}`,
      sourceCodeHash: code.hash,
      memorySize: memoryMiB,
      timeout: LAMBDA_TIMEOUT_SECONDS,
      kmsKeyArn: keyArn,
      tracingConfig: { mode: "Active" },
      environment: { variables: { ...variables } },
      // Lambda would make the log group itself, without retention and key.
      dependsOn: [logs],
      ...(failedEventsArn === undefined ? {} : { deadLetterConfig: { targetArn: failedEventsArn } }),
      ...(reserved === undefined ? {} : { reservedConcurrentExecutions: reserved }),
    });
    this.arn = lambda.arn;
    this.invokeArn = lambda.invokeArn;
    this.functionName = lambda.functionName;
    this.roleArn = role.arn;
  }
}
