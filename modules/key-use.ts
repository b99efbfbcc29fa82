import { partitionOf } from "./names.ts";
import type { PolicyStatement } from "./policy-document.ts";

/** The services that use the platform's key in the name of their caller. */
type KeyService = "dynamodb" | "s3" | "sns" | "sqs";

export interface KeyUse {
  /**
   * Services that decrypt for their caller: DynamoDB a table's key on every access, S3 to read an object, SQS to receive; SQS and
   * SNS also to verify the data key of a message that they take.
   */
  readonly decrypt: readonly KeyService[];
  /** Services that encrypt what their caller gives them: a message, an event, an object. */
  readonly generateDataKey: readonly KeyService[];
}

/** Lets a role use the key through the services that encrypt its data, and in no other way (KMS: condition key kms:ViaService). */
export function keyUseStatements(keyArn: string, region: string, { decrypt, generateDataKey }: KeyUse): PolicyStatement[] {
  const through = (sid: string, action: string, services: readonly KeyService[]): PolicyStatement[] => {
    const names = services.flatMap((service) => viaService(service, region));
    const condition = { StringEquals: { "kms:ViaService": names } };
    return names.length === 0 ? [] : [{ sid, actions: [action], resources: [keyArn], condition }];
  };
  return [
    ...through("DecryptThroughServices", "kms:Decrypt", decrypt),
    ...through("EncryptThroughServices", "kms:GenerateDataKey", generateDataKey),
  ];
}

/** Of a use of the key that a service makes for its caller. */
export function throughService(service: string, region: string): NonNullable<PolicyStatement["condition"]> {
  return { StringEquals: { "kms:ViaService": viaService(service, region) } };
}

/**
 * Lets Lambda decrypt the variables of one function with the function's role. Lambda makes itself a grant for that, but a grant is
 * lost with its role, even when another one of the same name replaces it (Lambda: encryption context aws:lambda:FunctionArn).
 */
export function readVariables(keyArn: string, functionArn: string): PolicyStatement {
  const condition = { StringEquals: { "kms:EncryptionContext:aws:lambda:FunctionArn": functionArn } };
  return { sid: "ReadOwnVariables", actions: ["kms:Decrypt"], resources: [keyArn], condition };
}

/** A service as `kms:ViaService` has it. China's endpoints end in .cn; which of the two forms KMS compares there, its documents leave open. */
export function viaService(service: string, region: string): string[] {
  const endpoint = `${service}.${region}.amazonaws.com`;
  return partitionOf(region) === "aws-cn" ? [endpoint, `${endpoint}.cn`] : [endpoint];
}
