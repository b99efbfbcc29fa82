import type { StartTracer, TracerSettings } from "./start-tracer.ts";
import type { Tracer } from "./tracer.ts";

/** The bundle of OpenTelemetry's SDK, beside the bundles of what makes spans. */
export const TRACES_BUNDLE = "traces.mjs";

/** Whether a variable of OpenTelemetry names an exporter of spans; without one, its SDK is not even loaded. */
export function exportsSpans(variables: NodeJS.ProcessEnv = process.env): boolean {
  const { OTEL_SDK_DISABLED, OTEL_TRACES_EXPORTER, OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT } = variables;
  if (OTEL_SDK_DISABLED === "true" || OTEL_TRACES_EXPORTER === "none") return false;
  return Boolean(OTEL_TRACES_EXPORTER || OTEL_EXPORTER_OTLP_ENDPOINT || OTEL_EXPORTER_OTLP_TRACES_ENDPOINT);
}

/**
 * Loads OpenTelemetry's SDK, where an exporter is named. Settings that are wrong are reported, and there are no spans then: work goes on.
 *
 * @param beside URL of the module of a bundle, in whose folder the SDK's is.
 */
export async function loadTracer(beside: string, settings: TracerSettings): Promise<Tracer | undefined> {
  if (!exportsSpans()) return undefined;
  try {
    // By a URL, so that no bundle takes it in.
    const { startTracer } = (await import(new URL(TRACES_BUNDLE, beside).href)) as { readonly startTracer: StartTracer };
    return startTracer(settings);
  } catch (error) {
    settings.report(`no spans are recorded: ${(error as Error).message}`);
    return undefined;
  }
}
