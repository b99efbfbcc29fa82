import { randomUUID } from "node:crypto";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { LAMBDAS, type LambdaName } from "@autoscaling-job-queues/domain/routes";
import { setClockAhead } from "./clock-ahead.ts";
import type { Invocation } from "./lambdas.ts";
import { serveParent } from "./parent-channel.ts";

/** The Lambdas' own process: it loads the bundles that are deployed, and calls their handlers as the Lambda runtime does. */

type Handler = (event: unknown, context: unknown) => unknown;

const folder = process.argv[2] ?? "";
const handlers = new Map(
  await Promise.all(
    LAMBDAS.map(async (name) => {
      const file = path.resolve(folder, name, "index.mjs");
      const { handler } = (await import(pathToFileURL(file).href)) as { readonly handler: Handler };
      return [name, handler] as const;
    }),
  ),
);

function invocationContext(functionName: LambdaName, timeoutMs: number) {
  const deadline = Date.now() + timeoutMs;
  return {
    awsRequestId: randomUUID(),
    callbackWaitsForEmptyEventLoop: false,
    functionName,
    functionVersion: "$LATEST",
    invokedFunctionArn: `arn:aws:lambda:us-east-1:000000000000:function:${functionName}`,
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: "local",
    memoryLimitInMB: "512",
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}

serveParent<Invocation>(undefined, async ({ name, payload, timeoutMs, clockAheadMs }) => {
  setClockAhead(clockAheadMs);
  try {
    const result = await handlers.get(name)?.(JSON.parse(payload), invocationContext(name, timeoutMs));
    return JSON.stringify(result) ?? "null";
  } catch (error) {
    console.error(`${name} failed:`, error);
    throw error;
  }
});
