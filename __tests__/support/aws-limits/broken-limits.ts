import { type BrokenLimit, checkShape } from "./check-shape.ts";
import { DOCUMENTED_LIMITS, type DocumentedLimit } from "./documented-limits.ts";
import { inputShape, type ServiceName } from "./model.ts";
import { type AwsCallInput, type AwsRequest, readCall } from "./read-call.ts";

/**
 * What AWS would refuse of a request, though our emulators take it: a sentence for each limit that it breaks, with the call, the
 * member and the limit's source.
 */
export function brokenLimits(request: AwsRequest): string[] {
  const call = readCall(request);
  return call === undefined ? [] : brokenByCall(call);
}

/** The same of a call whose input is known. */
export function brokenByCall({ service, operation, input }: AwsCallInput): string[] {
  const shape = inputShape(service, operation);
  if (shape === undefined) return [`${service} ${operation}: models.json does not have this call`];
  const words = ({ member, limit }: BrokenLimit, source: string): string =>
    `${service} ${operation} ${member || "input"}: must be ${limit} (${source})`;
  const modelled = checkShape(shape, input).map((broken) => words(broken, "service model"));
  // The documented limits are of inputs that have their model's form.
  if (modelled.length > 0) return modelled;
  return documentedLimits(service, operation).flatMap((limit) =>
    brokenBy(limit, input).map((broken) => words(broken, limit.source)),
  );
}

interface LimitOfCall extends Pick<DocumentedLimit, "rule" | "source"> {
  /** To the member, such as `Entries`, `[]` and `DelaySeconds`. */
  readonly steps: readonly string[];
}

/** By call, as worlds make some hundred thousand of them. */
const known = new Map<string, readonly LimitOfCall[]>();

function documentedLimits(service: ServiceName, operation: string): readonly LimitOfCall[] {
  const call = `${service} ${operation}`;
  const limits =
    known.get(call) ??
    DOCUMENTED_LIMITS.filter(
      (limit) => limit.service === service && (limit.calls === undefined || limit.calls.includes(operation)),
    ).map(({ member, rule, source }) => ({
      steps: member === "" ? [] : member.split(/\.|(?=\[\]|\{\})/),
      rule,
      source,
    }));
  known.set(call, limits);
  return limits;
}

function brokenBy({ steps, rule }: LimitOfCall, input: unknown): BrokenLimit[] {
  return valuesAt(input, steps).flatMap(({ path, value }) => {
    const limit = rule(value);
    return limit === undefined ? [] : [{ member: path, limit }];
  });
}

interface FoundValue {
  readonly path: string;
  readonly value: unknown;
}

/** The values at a path: `[]` stands for each element of a list or map, `{}` for each key. Those that are not given are left out. */
function valuesAt(value: unknown, [step, ...rest]: readonly string[], path = ""): FoundValue[] {
  if (value === undefined || value === null) return [];
  if (step === undefined) return [{ path, value }];
  if (typeof value !== "object") return [];
  if (step === "{}") return Object.keys(value).map((key) => ({ path: `${path} key ${JSON.stringify(key)}`, value: key }));
  if (step === "[]") return Object.entries(value).flatMap(([key, element]) => valuesAt(element, rest, `${path}[${key}]`));
  const member = (value as Readonly<Record<string, unknown>>)[step];
  return valuesAt(member, rest, path === "" ? step : `${path}.${step}`);
}
