/** Keys that belong to no AWS account. An emulator takes any. */
export const EMULATOR_CREDENTIALS = { accessKey: "emulated", secretKey: "emulated" } as const;

/** The services that the stacks use, as the provider names their endpoints. */
const SERVICES = [
  "apigatewayv2",
  "appautoscaling",
  "cloudwatch",
  "cloudwatchlogs",
  "dynamodb",
  "ec2",
  "ecr",
  "ecs",
  "iam",
  "kms",
  "lambda",
  "s3",
  "scheduler",
  "sns",
  "sqs",
  "sts",
] as const;

/** Settings of the provider that lead every call to an emulator. */
export function emulatorSettings(address: string) {
  return {
    ...EMULATOR_CREDENTIALS,
    endpoints: [Object.fromEntries(SERVICES.map((service) => [service, address]))],
    s3UsePathStyle: true,
    skipCredentialsValidation: true,
    skipMetadataApiCheck: "true",
    maxRetries: 2,
  };
}
