/** A call as the proxy sees it before it lets it through. */
export interface SeenCall {
  /** The process that makes it. */
  readonly by: string;
  readonly service: "dynamodb" | "sqs" | "sns" | "s3" | "scheduler";
  /** Such as `UpdateItem`; of S3, the method. */
  readonly operation: string;
}

/** What the network does to a call. `before` it took effect, or `after`. */
export type Disturbance =
  | { readonly kind: "none" }
  /** The connection stands, and nothing ever comes. */
  | { readonly kind: "stall"; readonly when: "before" | "after" }
  /** The connection breaks. */
  | { readonly kind: "reset"; readonly when: "before" | "after" }
  | { readonly kind: "delay"; readonly milliseconds: number };

export const UNDISTURBED: Disturbance = { kind: "none" };

/** Decides what happens to a call. */
export type Disturb = (call: SeenCall) => Disturbance;

export interface DisturbanceRates {
  /** Of all calls, from 0 to 1. */
  readonly stall: number;
  readonly reset: number;
  readonly delay: number;
  readonly maxDelayMs: number;
}

/** Disturbs calls at random. A call to S3 is not stalled: its client waits a minute, and the run has to end. */
export function randomDisturbance(rates: DisturbanceRates, random: () => number): Disturb {
  return ({ service }) => {
    const chance = random();
    const when = random() < 0.5 ? "before" : "after";
    if (chance < rates.stall) return service === "s3" ? UNDISTURBED : { kind: "stall", when };
    if (chance < rates.stall + rates.reset) return { kind: "reset", when };
    if (chance < rates.stall + rates.reset + rates.delay) {
      return { kind: "delay", milliseconds: Math.round(random() * rates.maxDelayMs) };
    }
    return UNDISTURBED;
  };
}
