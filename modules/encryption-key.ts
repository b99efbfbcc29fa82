import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias/index.js";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key/index.js";
import { Construct } from "constructs";
import type { Environment } from "../environments/environment.ts";
import { arnOf, partitionOf, platformNames } from "./names.ts";
import { type PolicyStatement, policyDocument } from "./policy-document.ts";
import { holdsState } from "./protection.ts";

/** What the account may do with the key; which of its principals may, IAM policies say. Named one by one, so that it is all. */
const ACCOUNT_ACTIONS = [
  ...["CancelKeyDeletion", "DescribeKey", "DisableKey", "DisableKeyRotation", "EnableKey", "EnableKeyRotation"],
  ...["GetKeyPolicy", "GetKeyRotationStatus", "ListKeyPolicies", "ListKeyRotations", "PutKeyPolicy", "RotateKeyOnDemand"],
  ...["ScheduleKeyDeletion", "UpdateKeyDescription", "CreateAlias", "DeleteAlias", "UpdateAlias"],
  ...["ListResourceTags", "TagResource", "UntagResource", "CreateGrant", "ListGrants", "RetireGrant", "RevokeGrant"],
  ...["Decrypt", "Encrypt", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext", "ReEncryptFrom", "ReEncryptTo"],
].map((action) => `kms:${action}`);

/**
 * The platform's key: it encrypts queues, topics, tables, the bucket, logs, images and the Lambdas' variables. Where the environment
 * names one, none is made, and its policy is that of whoever made it.
 */
export class EncryptionKey extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, environment: Environment) {
    super(scope, id);
    const { namePrefix, encryptionKeyArn } = environment;
    if (encryptionKeyArn !== undefined) {
      this.arn = encryptionKeyArn;
      return;
    }
    const key = new KmsKey(this, "key", {
      description: `Encrypts everything of ${namePrefix}`,
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      policy: policyDocument(keyStatements(environment)),
    });
    holdsState(key, "encryption_key", environment);
    new KmsAlias(this, "alias", { name: platformNames(environment).keyAlias, targetKeyId: key.keyId });
    this.arn = key.arn;
  }
}

function keyStatements(environment: Environment): PolicyStatement[] {
  const { accountId, region } = environment;
  // In a key's policy "*" is the key itself, which has no ARN yet.
  const resources = ["*"];
  return [
    {
      sid: "AccountThroughItsPolicies",
      principal: { AWS: `arn:${partitionOf(region)}:iam::${accountId}:root` },
      actions: ACCOUNT_ACTIONS,
      resources,
    },
    {
      sid: "CloudWatchLogs",
      principal: { Service: `logs.${region}.amazonaws.com` },
      actions: [
        ...["kms:Encrypt", "kms:Decrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo"],
        ...["kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext"],
      ],
      resources,
      condition: { ArnLike: { "kms:EncryptionContext:aws:logs:arn": arnOf(environment, "logs", "log-group:*") } },
    },
    {
      sid: "AlarmsToTheAlertsTopic",
      principal: { Service: "cloudwatch.amazonaws.com" },
      actions: ["kms:Decrypt", "kms:GenerateDataKey"],
      resources,
      condition: { StringEquals: { "aws:SourceAccount": accountId } },
    },
  ];
}
