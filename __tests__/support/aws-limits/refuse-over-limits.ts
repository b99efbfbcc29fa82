import type { buildApp } from "fauxqs";
import { OverLimits } from "./over-limits.ts";

/** Has fauxqs refuse the requests that AWS would refuse for a limit. */
export function refuseOverLimits(app: ReturnType<typeof buildApp>): OverLimits {
  const overLimits = new OverLimits();
  app.addHook("preHandler", async ({ method, url, headers, body }, reply) => {
    const broken = overLimits.note({ method, url, headers, body });
    if (broken.length === 0) return;
    const isJson = headers["x-amz-target"] !== undefined;
    await reply
      .code(400)
      .type(isJson ? "application/x-amz-json-1.0" : "application/xml")
      .send(isJson ? JSON.stringify({ __type: CODE, message: broken.join("; ") }) : xmlError(broken));
  });
  return overLimits;
}

const CODE = "OverAwsLimits";

/** An error as SNS wraps it, and S3 does not. */
function xmlError(broken: readonly string[]): string {
  const message = broken.join("; ").replace(/[<>&]/g, "?");
  const error = `<Error><Type>Sender</Type><Code>${CODE}</Code><Message>${message}</Message></Error>`;
  return broken[0]?.startsWith("sns ") === true ? `<ErrorResponse>${error}</ErrorResponse>` : error;
}
