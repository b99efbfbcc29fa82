import { unmarshall } from "@aws-sdk/util-dynamodb";
import { readSchedulerCall } from "../../support/aws-limits/scheduler-call.ts";
import type { AwsCall, AwsOutcome } from "./aws-call.ts";
import { parseQueryAnswer, parseQueryForm } from "./query-protocol.ts";

/** An HTTP request to AWS and its answer, as a proxy sees them. */
export interface WireExchange {
  readonly by: string;
  readonly method: string;
  /** With its query. */
  readonly url: string;
  /** Of the request, by lower-case name. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly requestBody: string;
  readonly answer: {
    readonly status: number;
    readonly body: string;
    /** Its `Date` header. */
    readonly date: string | undefined;
  };
}

type Attributes = Parameters<typeof unmarshall>[0];
type Fields = Record<string, unknown>;

const MARSHALLED_INPUTS = ["Item", "Key", "ExpressionAttributeValues"] as const;
const MARSHALLED_OUTPUTS = ["Item", "Attributes"] as const;

/**
 * Decodes an exchange with DynamoDB or SQS (JSON, with the operation in `x-amz-target`), SNS (Query: a form, answered in XML) or
 * EventBridge Scheduler (REST), as the AWS SDK for JavaScript 3.1163 to 3.1169 makes them.
 *
 * @returns undefined for any other request.
 */
export function wireCall({ by, method, url, headers, requestBody, answer }: WireExchange): AwsCall | undefined {
  const schedule = readSchedulerCall({ method, url, headers, body: requestBody });
  if (schedule !== undefined) {
    const outcome = outcomeOf(answer, { output: (body) => JSON.parse(body) as Fields, error: () => `HTTP ${answer.status}` });
    return { by, command: schedule.operation, input: schedule.input as Fields, outcome };
  }
  const target = headers["x-amz-target"];
  if (typeof target === "string") {
    const isDynamoDb = target.startsWith("DynamoDB_");
    const command = target.slice(target.indexOf(".") + 1);
    const plain = (body: string, keys: readonly string[]): Fields => {
      const fields = JSON.parse(body === "" ? "{}" : body) as Fields;
      return isDynamoDb ? unmarshalled(fields, keys) : fields;
    };
    const outcome = outcomeOf(answer, {
      output: (body) => plain(body, MARSHALLED_OUTPUTS),
      error: (body) => String((JSON.parse(body) as { readonly __type?: string }).__type).replace(/^.*#/, ""),
    });
    return { by, command, input: plain(requestBody, MARSHALLED_INPUTS), outcome };
  }
  if (!String(headers["content-type"]).startsWith("application/x-www-form-urlencoded")) return undefined;
  const { Action, Version: _, ...input } = parseQueryForm(requestBody);
  return { by, command: String(Action), input, outcome: outcomeOf(answer, parseQueryAnswer) };
}

interface AnswerReader {
  readonly output: (body: string) => Fields;
  /** The name of the error. */
  readonly error: (body: string) => string;
}

function outcomeOf(answer: WireExchange["answer"], read: AnswerReader): AwsOutcome {
  if (answer.status < 300) return { output: read.output(answer.body), date: answer.date };
  const refused = answer.status < 500;
  try {
    return { error: read.error(answer.body), refused };
  } catch {
    return { error: `HTTP ${answer.status}`, refused };
  }
}

function unmarshalled(fields: Fields, keys: readonly string[]): Fields {
  const plain = { ...fields };
  for (const key of keys) {
    if (plain[key] !== undefined) plain[key] = unmarshall(plain[key] as Attributes);
  }
  return plain;
}
