/** Names and codes of errors that pass, of the AWS SDK, of batch entries that AWS failed, and of Node's sockets. */
const TRANSIENT = new Set([
  "ConflictException",
  "InternalError",
  "InternalFailure",
  "InternalServerError",
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "RequestThrottled",
  "RequestThrottledException",
  "ServiceUnavailable",
  "ServiceUnavailableException",
  "SlowDown",
  "Throttled",
  "ThrottledException",
  "Throttling",
  "ThrottlingException",
  "TimeoutError",
  "TooManyRequestsException",
  "AbortError",
  "EAI_AGAIN",
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOTFOUND",
  "EPIPE",
  "ETIMEDOUT",
]);

/** Whether trying again later may help: throttling, timeouts, a server's error or a broken connection. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { name, code, $metadata } = error as Error & { code?: unknown; $metadata?: { httpStatusCode?: number } };
  return TRANSIENT.has(name) || TRANSIENT.has(String(code)) || ($metadata?.httpStatusCode ?? 0) >= 500;
}
