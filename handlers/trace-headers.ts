import { callSettings } from "@autoscaling-job-queues/domain/clients";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";

/** What the start of a Lambda waits for it, in milliseconds. */
const READ_MS = 1_000;

/**
 * Reads headers from a secret, in the form of `OTEL_EXPORTER_OTLP_HEADERS`: `name=value`, with commas between them.
 *
 * @throws AWS's errors, or Error where it takes longer than a second.
 */
export async function traceHeaders(secretArn: string): Promise<Record<string, string>> {
  const client = new SecretsManagerClient(callSettings());
  const call = new GetSecretValueCommand({ SecretId: secretArn });
  const { SecretString = "" } = await client.send(call, { abortSignal: AbortSignal.timeout(READ_MS) });
  return parseHeaders(SecretString);
}

/** Values are percent-encoded where they hold commas (W3C Baggage, which OpenTelemetry took the form from). */
function parseHeaders(text: string): Record<string, string> {
  const pairs = text.split(",").flatMap((pair) => {
    const at = pair.indexOf("=");
    return at < 1 ? [] : [[pair.slice(0, at).trim(), decodeURIComponent(pair.slice(at + 1).trim())]];
  });
  return Object.fromEntries(pairs);
}
