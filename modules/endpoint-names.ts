import { partitionOf } from "./names.ts";

/**
 * Services whose endpoints in China have a name that begins with `cn.`; all others have the same form everywhere (AWS CLI:
 * `describe-vpc-endpoint-services` of cn-north-1 and cn-northwest-1, as AWS CDK lists them).
 */
const CHINAS_OWN: readonly string[] = [
  ...["application-autoscaling", "athena", "autoscaling", "backup", "batch", "cassandra", "cloudcontrolapi", "cloudformation"],
  ...["databrew", "dms", "ebs", "ec2", "ecr.api", "ecr.dkr", "eks", "elasticache", "elasticbeanstalk", "elasticfilesystem"],
  ...["emr-containers", "execute-api", "fsx", "imagebuilder", "iot.data", "kinesis-streams", "lambda", "license-manager"],
  ...["monitoring", "polly", "rds", "redshift", "redshift-data", "sagemaker.api", "sagemaker.featurestore-runtime"],
  ...["sagemaker.runtime", "securityhub", "servicecatalog", "sqs", "states", "sts", "sync-states", "synthetics"],
  ...["transcribestreaming", "transfer", "workspaces", "xray"],
];

/** The name by which a VPC endpoint finds its service, such as `com.amazonaws.us-east-1.ecr.api`. */
export function endpointServiceName(region: string, service: string): string {
  const name = `com.amazonaws.${region}.${service}`;
  return partitionOf(region) === "aws-cn" && CHINAS_OWN.includes(service) ? `cn.${name}` : name;
}
