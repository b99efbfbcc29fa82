import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

/** A span as it was sent. */
export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly status: { readonly code?: number };
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly resource: Readonly<Record<string, unknown>>;
}

/** A place that spans are sent to: OTLP over HTTP, in JSON. */
export interface OtlpReceiver {
  readonly url: string;
  /** The variables that name it. */
  readonly variables: Readonly<Record<string, string>>;
  readonly spans: readonly ReceivedSpan[];
  /** Headers of each request. */
  readonly headers: readonly NodeJS.Dict<string | string[]>[];
  /** Settles when so many spans of this name have come. */
  readonly received: (name: string, count?: number) => Promise<readonly ReceivedSpan[]>;
  stop(): Promise<void>;
}

type Pairs = readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];
type Sent = Omit<ReceivedSpan, "attributes" | "resource" | "links"> & { attributes: Pairs; links?: ReceivedSpan["links"] };

/** @param answer what it does with a request whose spans it has taken. @default answers 200 */
export async function startOtlpReceiver(answer?: (response: ServerResponse) => void): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = [];
  const headers: NodeJS.Dict<string | string[]>[] = [];
  const watchers = new Set<() => void>();
  const server = createServer(async (request, response) => {
    headers.push(request.headers);
    // Protobuf is taken, and not looked into.
    const isJson = request.headers["content-type"] === "application/json";
    const body = (isJson ? await json(request) : { resourceSpans: [] }) as {
      resourceSpans: { resource: { attributes: Pairs }; scopeSpans: { spans: Sent[] }[] }[];
    };
    for (const { resource, scopeSpans } of body.resourceSpans)
      for (const span of scopeSpans.flatMap((scope) => scope.spans)) {
        const { links = [], ...rest } = span;
        spans.push({ ...rest, links, attributes: members(span.attributes), resource: members(resource.attributes) });
      }
    for (const look of watchers) look();
    if (answer === undefined) response.setHeader("content-type", "application/json").end("{}");
    else answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    variables: { OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_EXPORTER_OTLP_PROTOCOL: "http/json" },
    spans,
    headers,
    received: async (name, count = 1) => {
      const named = () => spans.filter((span) => span.name === name);
      while (named().length < count) {
        await new Promise<void>((resolve) => {
          const look = () => {
            watchers.delete(look);
            resolve();
          };
          watchers.add(look);
        });
      }
      return named();
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function members(pairs: Pairs): Record<string, unknown> {
  return Object.fromEntries(pairs.map(({ key, value }) => [key, Object.values(value)[0]]));
}
