import { inputShape, type ServiceName } from "./model.ts";
import { queryInput } from "./query-input.ts";
import { readS3Call } from "./s3-call.ts";
import { readSchedulerCall } from "./scheduler-call.ts";

/** A request to AWS as a server sees it. */
export interface AwsRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, unknown>>;
  /** As it came, or as a server has parsed its JSON or form. */
  readonly body: unknown;
}

export interface AwsCallInput {
  readonly service: ServiceName;
  readonly operation: string;
  readonly input: unknown;
}

/** Of the protocols with JSON, by what comes before the operation in `x-amz-target`. */
const TARGETS: Readonly<Record<string, ServiceName>> = { AmazonSQS: "sqs", AmazonEC2ContainerServiceV20141113: "ecs" };

/** Which call a request is, with its input in the SDK's shape. @returns undefined for DynamoDB's, whose engine checks its limits. */
export function readCall(request: AwsRequest): AwsCallInput | undefined {
  const { headers, body } = request;
  const target = headers["x-amz-target"];
  if (typeof target === "string") {
    const [prefix = "", operation = ""] = target.split(".");
    const service = TARGETS[prefix];
    return service && { service, operation, input: parsed(body, JSON.parse) };
  }
  if (String(headers["content-type"]).startsWith("application/x-www-form-urlencoded")) {
    const form = parsed(body, (text) => Object.fromEntries(new URLSearchParams(text)));
    const { Action: operation = "", ...fields } = form as Readonly<Record<string, string>>;
    const shape = inputShape("sns", operation);
    return { service: "sns", operation, input: shape && queryInput(shape, fields) };
  }
  return readSchedulerCall(request) ?? readS3Call(request);
}

function parsed(body: unknown, parse: (text: string) => unknown): unknown {
  return body instanceof Uint8Array || typeof body === "string" ? parse(Buffer.from(body).toString()) : (body ?? {});
}
