import type { AwsTry, CallOutput, Interceptor } from "../world/call-gate.ts";
import type { Crash, CrashCase, CrashSide, RecoveryCrash } from "./crash-point.ts";

/** Kills processes where a case says so, and remembers whether it could. */
export class CrashPlan {
  readonly #case: CrashCase;
  readonly #recovery: AwsTry[] = [];
  #first: AwsTry | undefined;
  #second: AwsTry | undefined;

  constructor(crashCase: CrashCase) {
    this.#case = crashCase;
  }

  /** The calls after the first crash, in the order in which they were performed. */
  get recovery(): readonly AwsTry[] {
    return this.#recovery;
  }

  readonly intercept: Interceptor = async (attempt, perform) => {
    const { first, second } = this.#case;
    if (first === undefined) return await perform();
    if (this.#first === undefined) {
      if (attempt.process.name !== first.process || attempt.number !== first.number) return await perform();
      this.#first = attempt;
      return await crash(attempt, first.side, perform);
    }
    this.#recovery.push(attempt);
    if (this.#recovery.length !== second?.number) return await perform();
    this.#second = attempt;
    return await crash(attempt, second.side, perform);
  };

  /** What kept the case from being the one that its name says; undefined when nothing did. */
  get divergence(): string | undefined {
    return missed(this.#case.first, this.#first) ?? missed(this.#case.second, this.#second);
  }
}

async function crash({ process }: AwsTry, side: CrashSide, perform: () => Promise<CallOutput>): Promise<CallOutput> {
  // A refusal is an answer too, and is lost with the process.
  if (side === "after") await perform().catch(() => undefined);
  process.kill();
  return {};
}

function missed(planned: Crash | RecoveryCrash | undefined, made: AwsTry | undefined): string | undefined {
  if (planned === undefined || made?.operation === planned.operation) return undefined;
  const instead = made === undefined ? "there was no such call" : `it was ${made.operation} of ${made.process.name}`;
  return `the crash at ${planned.operation} (call ${planned.number}) did not come about: ${instead}`;
}
