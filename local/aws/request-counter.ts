import type { IncomingHttpHeaders } from "node:http";

/** Requests by service and operation, such as `{ "sqs.SendMessageBatch": 3, "s3.PUT": 1 }`. */
export type RequestCounts = Readonly<Record<string, number>>;

/** Marks the requests of the local platform itself, which on AWS are made by AWS or not at all: they are not counted. */
export const PLATFORM_USER_AGENT = "local-platform";

/** Counts what the API, the workers and callers ask of an emulator. */
export class RequestCounter {
  readonly #counts = new Map<string, number>();

  /** @param operation a name such as "PutItem", or the HTTP method where a service has no operation names on the wire. */
  count(service: string, operation: string, headers: IncomingHttpHeaders): void {
    if (headers["user-agent"]?.includes(PLATFORM_USER_AGENT)) return;
    const key = `${service}.${operation}`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  counts(): RequestCounts {
    return Object.fromEntries([...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  reset(): void {
    this.#counts.clear();
  }
}

/** The operation of a request in an AWS JSON protocol, whose target is `<service>.<operation>`. */
export function targetOperation(headers: IncomingHttpHeaders): string | undefined {
  const target = headers["x-amz-target"];
  return typeof target === "string" ? target.slice(target.lastIndexOf(".") + 1) : undefined;
}
