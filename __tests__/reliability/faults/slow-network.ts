import { setTimeout as delay } from "node:timers/promises";
import type { ServiceInputTypes, ServiceOutputTypes, SQSClient } from "@aws-sdk/client-sqs";
import type { DeserializeHandler } from "@smithy/types";
import type { GatedClients } from "../world/gated-clients.ts";
import { currentProcess } from "../world/simulated-process.ts";
import { noAnswer, REQUEST_TIMEOUT_MS, TryError } from "./aws-errors.ts";

type Deserialize = DeserializeHandler<ServiceInputTypes, ServiceOutputTypes>;

/**
 * Puts a slow network between clients and the gate, by the world's clock. A try that is longer on its way than the SDK waits
 * fails, and arrives all the same; and a failure is known only when the SDK would know of it.
 *
 * @param delayMs milliseconds that the next try is on its way.
 */
export function slowNetwork({ dynamoDb, sqs, sns }: GatedClients, delayMs: () => number): void {
  for (const client of [dynamoDb, sqs, sns]) {
    const stack = client.middlewareStack as unknown as SQSClient["middlewareStack"];
    stack.addRelativeTo(
      (next: Deserialize): Deserialize =>
        async (args) => {
          if (currentProcess() === undefined) return await next(args);
          return await sent(() => next(args), delayMs());
        },
      { name: "slowNetwork", relation: "before", toMiddleware: "gate" },
    );
  }
}

async function sent<Answer>(arrive: () => Promise<Answer>, delayMs: number): Promise<Answer> {
  if (delayMs > REQUEST_TIMEOUT_MS) {
    // Whatever becomes of it, nobody waits for it.
    void delay(delayMs)
      .then(arrive)
      .catch(() => undefined);
    await delay(REQUEST_TIMEOUT_MS);
    throw noAnswer(0);
  }
  if (delayMs > 0) await delay(delayMs);
  try {
    return await arrive();
  } catch (error) {
    if (error instanceof TryError && error.afterMs > 0) await delay(error.afterMs);
    throw error;
  }
}
