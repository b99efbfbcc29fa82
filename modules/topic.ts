import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic/index.js";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy/index.js";
import { Construct } from "constructs";
import type { Environment } from "../environments/environment.ts";
import { denyWithoutTls, type PolicyStatement, policyDocument } from "./policy-document.ts";
import { holdsState } from "./protection.ts";

interface TopicSettings {
  readonly name: string;
  readonly displayName: string;
  readonly keyArn: string;
  /** Its address in the plan: subscribers depend on the topic. */
  readonly logicalId: string;
  /** Who may use it beyond what IAM policies of the account allow. */
  readonly statements?: (arn: string) => readonly PolicyStatement[];
}

/** An encrypted topic that cannot be reached without TLS, nor from outside the account but as the statements say. */
export class Topic extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, environment: Environment, settings: TopicSettings) {
    super(scope, id);
    const { name, displayName, keyArn, logicalId, statements = () => [] } = settings;
    const topic = new SnsTopic(this, "topic", { name, displayName, kmsMasterKeyId: keyArn });
    holdsState(topic, logicalId, environment);
    new SnsTopicPolicy(this, "policy", {
      arn: topic.arn,
      policy: policyDocument([...statements(topic.arn), denyWithoutTls("sns:Publish", [topic.arn])]),
    });
    this.arn = topic.arn;
  }
}
