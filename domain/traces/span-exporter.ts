import { OTLPTraceExporter as JsonExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as ProtobufExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { ConsoleSpanExporter, type SpanExporter } from "@opentelemetry/sdk-trace";
import { SettingsError } from "../errors.ts";

const OTLP = { "http/protobuf": ProtobufExporter, "http/json": JsonExporter } as const;

/**
 * The exporter that OpenTelemetry's variables name: `OTEL_TRACES_EXPORTER`, and of OTLP endpoint, protocol, headers and compression.
 *
 * @param timeoutMillis of one export, with its retries.
 * @throws SettingsError
 */
export function spanExporter(
  headers: Readonly<Record<string, string>>,
  timeoutMillis: number,
  variables: NodeJS.ProcessEnv = process.env,
): SpanExporter {
  const { OTEL_TRACES_EXPORTER: name = "otlp", OTEL_EXPORTER_OTLP_PROTOCOL, OTEL_EXPORTER_OTLP_TRACES_PROTOCOL } = variables;
  if (name === "console") return new ConsoleSpanExporter();
  if (name !== "otlp") {
    throw new SettingsError("environment variable OTEL_TRACES_EXPORTER", name, "otlp, console, none");
  }
  const protocol = OTEL_EXPORTER_OTLP_TRACES_PROTOCOL || OTEL_EXPORTER_OTLP_PROTOCOL || "http/protobuf";
  const Exporter = OTLP[protocol as keyof typeof OTLP];
  if (Exporter === undefined) {
    throw new SettingsError("environment variable OTEL_EXPORTER_OTLP_PROTOCOL", protocol, Object.keys(OTLP).join(", "));
  }
  return new Exporter({ headers: { ...headers }, timeoutMillis });
}
