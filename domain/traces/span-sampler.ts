import { TraceFlags, trace } from "@opentelemetry/api";
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  SamplingDecision,
  TraceIdRatioBasedSampler,
} from "@opentelemetry/sdk-trace";
import { SettingsError } from "../errors.ts";

const ROOTS: Readonly<Record<string, (ratio: () => number) => Sampler>> = {
  always_on: () => new AlwaysOnSampler(),
  always_off: () => new AlwaysOffSampler(),
  traceidratio: (ratio) => new TraceIdRatioBasedSampler(ratio()),
};
const PARENT_BASED = "parentbased_";

/**
 * The sampler of `OTEL_TRACES_SAMPLER`. A span that begins a trace, and follows from one of another, is recorded where that one is: an attempt
 * that is a retry, like the first.
 *
 * @throws SettingsError
 */
export function spanSampler(variables: NodeJS.ProcessEnv = process.env): Sampler {
  const { OTEL_TRACES_SAMPLER: name = "parentbased_always_on", OTEL_TRACES_SAMPLER_ARG: argument } = variables;
  const make = ROOTS[name.replace(PARENT_BASED, "")];
  if (make === undefined) {
    const allowed = Object.keys(ROOTS).flatMap((root) => [root, `${PARENT_BASED}${root}`]);
    throw new SettingsError("environment variable OTEL_TRACES_SAMPLER", name, allowed.join(", "));
  }
  const root = make(() => ratioOf(argument));
  const sampler = name.startsWith(PARENT_BASED) ? new ParentBasedSampler({ root }) : root;
  return {
    shouldSample: (context, traceId, spanName, kind, attributes, links) => {
      const [link] = links;
      if (link === undefined || trace.getSpanContext(context) !== undefined) {
        return sampler.shouldSample(context, traceId, spanName, kind, attributes, links);
      }
      const isRecorded = (link.context.traceFlags & TraceFlags.SAMPLED) !== 0;
      return { decision: isRecorded ? SamplingDecision.RECORD_AND_SAMPLED : SamplingDecision.NOT_RECORD };
    },
    toString: () => `FollowsLinks{${sampler.toString()}}`,
  };
}

function ratioOf(argument: string | undefined): number {
  const ratio = Number(argument || 1);
  if (ratio >= 0 && ratio <= 1) return ratio;
  throw new SettingsError("environment variable OTEL_TRACES_SAMPLER_ARG", argument, "a number from 0 to 1");
}
