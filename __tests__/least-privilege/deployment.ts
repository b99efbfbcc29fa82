import type { Environment } from "../../environments/environment.ts";
import { arnOf, partitionOf } from "../../modules/names.ts";
import { type Resource, ref, type Terraform } from "../modules/synthesized.ts";

/** A resource of the synthesized Terraform, as it would be after an apply. */
export interface DeployedResource {
  readonly stack: string;
  readonly type: string;
  readonly id: string;
  /** As synthesized; see `Deployment.resolve` for the references in them. */
  readonly attributes: Resource;
  readonly arn: string | undefined;
}

type Variables = Readonly<Record<string, string>>;
type Compute = (attributes: Resource, environment: Environment) => string;

/** What whoever applies the stack says. */
const IMAGE_TAG = "0123456789abcdef";

/** What AWS makes up itself. */
const KEY_ID = "1234abcd-12ab-34cd-56ef-1234567890ab";
const API_ID = "a1b2c3d4e5";

const inRegion =
  (service: string, resource: (attributes: Resource) => string): Compute =>
  (attributes, environment) =>
    arnOf(environment, service, resource(attributes));

/** Attributes that are known after an apply only, as AWS composes them (service authorization reference). */
const COMPUTED: Readonly<Record<string, Compute>> = {
  "aws_apigatewayv2_api.execution_arn": inRegion("execute-api", () => API_ID),
  "aws_cloudwatch_log_group.arn": inRegion("logs", ({ name }) => `log-group:${name}`),
  "aws_cloudwatch_metric_alarm.arn": inRegion("cloudwatch", ({ alarm_name }) => `alarm:${alarm_name}`),
  "aws_dynamodb_table.arn": inRegion("dynamodb", ({ name }) => `table/${name}`),
  "aws_ecr_repository.arn": inRegion("ecr", ({ name }) => `repository/${name}`),
  "aws_ecs_cluster.arn": inRegion("ecs", ({ name }) => `cluster/${name}`),
  "aws_iam_role.arn": ({ path, name }, { accountId, region }) =>
    `arn:${partitionOf(region)}:iam::${accountId}:role${path}${name}`,
  // A role's ID is its name (provider: aws_iam_role).
  "aws_iam_role.id": ({ name }) => name,
  "aws_kms_key.arn": inRegion("kms", () => `key/${KEY_ID}`),
  "aws_lambda_function.arn": inRegion("lambda", ({ function_name }) => `function:${function_name}`),
  "aws_s3_bucket.arn": ({ bucket }, { region }) => `arn:${partitionOf(region)}:s3:::${bucket}`,
  "aws_scheduler_schedule_group.arn": inRegion("scheduler", ({ name }) => `schedule-group/${name}`),
  "aws_sns_topic.arn": inRegion("sns", ({ name }) => name),
  "aws_sqs_queue.arn": inRegion("sqs", ({ name }) => name),
  "aws_sqs_queue.url": ({ name }, environment) => `${sqsAddress(environment)}/${environment.accountId}/${name}`,
};

/** Where SQS answers in the environment's region: the beginning of every queue's URL. */
export function sqsAddress({ region }: Environment): string {
  return `https://sqs.${region}.amazonaws.com`;
}

/** The synthesized stacks of one environment, with their references resolved as an apply would. */
export class Deployment {
  readonly environment: Environment;
  readonly stacks: ReadonlyMap<string, Terraform>;

  constructor(environment: Environment, stacks: ReadonlyMap<string, Terraform>) {
    this.environment = environment;
    this.stacks = stacks;
  }

  /** All resources of a type, of all stacks. */
  resources(type: string): DeployedResource[] {
    return [...this.stacks].flatMap(([stack, { resource }]) =>
      Object.entries(resource[type] ?? {}).map(([id, attributes]) => ({
        stack,
        type,
        id,
        attributes,
        arn: COMPUTED[`${type}.arn`]?.(attributes, this.environment),
      })),
    );
  }

  /** The resource of a type in a stack with this logical ID, or the only one whose ID contains it. */
  resource(stack: string, type: string, id = ""): DeployedResource {
    const ofType = this.resources(type).filter((resource) => resource.stack === stack);
    const similar = ofType.filter((resource) => resource.id.includes(id));
    const found = ofType.find((resource) => resource.id === id) ?? (similar.length === 1 ? similar[0] : undefined);
    if (found === undefined) throw new Error(`${stack} has ${similar.length} of ${type} called ${id}`);
    return found;
  }

  /** What the container of a job type's tasks is told, and what ECS reads for it: ARNs, by the variables that get their values. */
  container(jobType: string): { readonly variables: Variables; readonly secrets: Variables } {
    const { container_definitions: text } = this.resource(jobType, "aws_ecs_task_definition").attributes;
    // The image's tag is a variable of the apply, and its repository is known to AWS only.
    const known = text.replace(/"image":"[^"]*",/, "").replaceAll(ref("var.image_tag"), IMAGE_TAG);
    const [{ environment = [], secrets = [] }] = JSON.parse(this.resolve(jobType, known));
    return {
      variables: Object.fromEntries(environment.map(({ name, value }: Variables) => [name, value])),
      secrets: Object.fromEntries(secrets.map(({ name, valueFrom }: Variables) => [name, valueFrom])),
    };
  }

  /** The tags of a job type's tasks: those of its service, which has those of its stack, if the service passes them on. */
  taskTags(jobType: string): Readonly<Record<string, string>> {
    const { attributes } = this.resource(jobType, "aws_ecs_service");
    if (attributes.propagate_tags !== "SERVICE") return {};
    const defaults = this.stacks.get(jobType)?.provider.aws[0]?.default_tags as { tags: Record<string, string> }[] | undefined;
    return { ...defaults?.[0]?.tags, ...attributes.tags };
  }

  /** Replaces the references in a text of a stack, such as a policy. @throws Error for one that is not known here. */
  resolve(stack: string, text: string): string {
    return text.replaceAll(/(?<!\$)\$\{([^}]+)\}/g, (_, address: string) => this.#lookUp(stack, address)).replaceAll("$${", "${");
  }

  #lookUp(stack: string, address: string): string {
    const [, other, output] = /^data\.terraform_remote_state\.([\w-]+)\.outputs\.(\w+)$/.exec(address) ?? [];
    if (other !== undefined && output !== undefined) {
      return this.resolve(other, String(this.stacks.get(other)?.output?.[output]?.value));
    }
    const [type = "", id = "", attribute = ""] = address.split(".");
    const attributes = this.stacks.get(stack)?.resource[type]?.[id];
    if (attributes === undefined) throw new Error(`${stack} has no ${address}`);
    const computed = COMPUTED[`${type}.${attribute}`]?.(attributes, this.environment);
    if (computed !== undefined) return computed;
    if (typeof attributes[attribute] !== "string") throw new Error(`${stack}: ${address} is known to AWS only`);
    return this.resolve(stack, attributes[attribute]);
  }
}
