import { devNull } from "node:os";
import { CHOICE_VARIABLES } from "@autoscaling-job-queues/domain/environment";

/** The AWS services that the platform needs; each can be an emulator here or any other that the user names. */
export const SERVICES = ["sqs", "sns", "s3", "dynamodb"] as const;
export type Service = (typeof SERVICES)[number];
export type Endpoints = Readonly<Record<Service, string>>;

const REGION = "us-east-1";

/**
 * What Lambdas and workers get of the shell's environment: no more than a container has, and what chooses how this system behaves.
 * A variable of the shell that a job needs is missing on AWS as well.
 */
const PASSED_ON = ["PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "POWERTOOLS_LOG_LEVEL", ...CHOICE_VARIABLES];

/** What says where spans are sent: OpenTelemetry's own variables. */
const TRACES = "OTEL_";

/** The endpoints that the user has set, by the SDK's own variables: those services are used, not emulated. */
export function configuredEndpoints(variables: NodeJS.ProcessEnv): Partial<Endpoints> {
  const configured = SERVICES.flatMap((service) => {
    const endpoint = variables[endpointVariable(service)] || variables.AWS_ENDPOINT_URL;
    return endpoint ? [[service, endpoint.replace(/\/$/, "")]] : [];
  });
  return Object.fromEntries(configured) as Partial<Endpoints>;
}

/**
 * The environment of the Lambdas and the workers, but for what each of them is told. Where everything is emulated, nothing
 * of the user's own AWS settings reaches them; where an endpoint is the user's, so are region and credentials.
 *
 * @param ecs address of the ECS endpoint; always ours, because the tasks are processes of this machine.
 */
export function awsEnvironment(endpoints: Endpoints, ecs: string, variables: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const isOwn = Object.keys(configuredEndpoints(variables)).length > 0;
  const isTheUsers = (name: string): boolean =>
    isOwn && name.startsWith("AWS_") && !name.startsWith("AWS_ENDPOINT_URL") && !name.startsWith("AWS_IGNORE");
  const isPassedOn = (name: string): boolean => PASSED_ON.includes(name) || name.startsWith(TRACES) || isTheUsers(name);
  const inherited = Object.entries(variables).filter(([name]) => isPassedOn(name));
  const defaults = isOwn ? {} : { AWS_CONFIG_FILE: devNull, AWS_SHARED_CREDENTIALS_FILE: devNull };
  return {
    ...defaults,
    AWS_REGION: (isOwn && variables.AWS_DEFAULT_REGION) || REGION,
    ...(isOwn && variables.AWS_PROFILE ? {} : { AWS_ACCESS_KEY_ID: "local", AWS_SECRET_ACCESS_KEY: "local" }),
    ...Object.fromEntries(inherited),
    AWS_EC2_METADATA_DISABLED: "true",
    ...Object.fromEntries(SERVICES.map((service) => [endpointVariable(service), endpoints[service]])),
    AWS_ENDPOINT_URL_ECS: ecs,
  };
}

function endpointVariable(service: Service): string {
  return `AWS_ENDPOINT_URL_${service.toUpperCase()}`;
}
