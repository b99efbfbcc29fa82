import type { SNSClient } from "@aws-sdk/client-sns";
import type { SQSClient } from "@aws-sdk/client-sqs";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";

type AnyClient = SQSClient | SNSClient | DynamoDBDocumentClient;

/** The input of one SDK command. */
export interface Call {
  readonly command: string | undefined;
  readonly input: Readonly<Record<string, unknown>>;
}

function stackOf(client: AnyClient): SQSClient["middlewareStack"] {
  return client.middlewareStack as unknown as SQSClient["middlewareStack"];
}

/** Records the calls of a client from now on; a retried call is one. */
export function recordCalls(client: AnyClient): readonly Call[] {
  const calls: Call[] = [];
  stackOf(client).add(
    (next, { commandName }) =>
      async (args) => {
        calls.push({ command: commandName, input: { ...args.input } });
        return await next(args);
      },
    { step: "initialize" },
  );
  return calls;
}

/** Lets the next call take effect but loses its answer, as a connection does that breaks late: the SDK tries again. */
export function loseNextAnswer(client: AnyClient): void {
  let lost = false;
  stackOf(client).add(
    (next) => async (args) => {
      const answer = await next(args);
      if (lost) return answer;
      lost = true;
      throw Object.assign(new Error("the connection broke"), { name: "TimeoutError" });
    },
    { step: "deserialize" },
  );
}

/** Changes the output of the next call. */
export function changeNextOutput(client: AnyClient, change: (output: Record<string, unknown>) => void): void {
  let changed = false;
  stackOf(client).add(
    (next) => async (args) => {
      const result = await next(args);
      if (!changed) change(result.output as unknown as Record<string, unknown>);
      changed = true;
      return result;
    },
    { step: "initialize", priority: "high" },
  );
}

interface HttpAnswer {
  /** By lower-case name. */
  readonly headers: Record<string, string | undefined>;
}

/** Changes the answers of a client's calls from now on, as they come from the network. */
export function changeAnswers(client: AnyClient, change: (answer: HttpAnswer) => void): void {
  stackOf(client).add(
    (next) => async (args) => {
      const answer = await next(args);
      change(answer.response as HttpAnswer);
      return answer;
    },
    { step: "deserialize", priority: "low" },
  );
}
