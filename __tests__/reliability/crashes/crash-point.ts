/** On which side of a call a process dies: before it reaches AWS, or when it has taken effect and the answer is lost. */
export type CrashSide = "before" | "after";

/** A call of a scenario that runs undisturbed. */
export interface CallPoint {
  /** Such as `worker#1`. */
  readonly process: string;
  /** Among the calls of its process, from 1. */
  readonly number: number;
  readonly operation: string;
}

export interface Crash extends CallPoint {
  readonly side: CrashSide;
}

/** A crash of whoever makes a call after the first crash. */
export interface RecoveryCrash {
  /** Among all calls that are performed after the first crash, from 1. */
  readonly number: number;
  readonly operation: string;
  readonly side: CrashSide;
}

/** One case of the enumeration: a scenario, and where processes die in it. */
export interface CrashCase {
  readonly scenario: string;
  readonly first?: Crash;
  readonly second?: RecoveryCrash;
}

const NAME =
  /^(?<scenario>[\w-]+)(\/(?<process>[\w-]+#\d+):(?<number>\d+):(?<operation>\w+):(?<side>before|after)(\+recovery:(?<again>\d+):(?<againOperation>\w+):(?<againSide>before|after))?)?$/;

/** Such as `cancel-while-running/worker#1:7:UpdateItem:after+recovery:3:PublishBatch:before`. */
export function caseName({ scenario, first, second }: CrashCase): string {
  if (first === undefined) return scenario;
  const name = `${scenario}/${first.process}:${first.number}:${first.operation}:${first.side}`;
  return second === undefined ? name : `${name}+recovery:${second.number}:${second.operation}:${second.side}`;
}

/** Reads a case's name. @throws Error when it is none. */
export function parseCaseName(name: string): CrashCase {
  const { scenario, process, number, operation, side, again, againOperation, againSide } = NAME.exec(name)?.groups ?? {};
  if (scenario === undefined) throw new Error(`no name of a crash case: ${name}`);
  if (process === undefined || operation === undefined) return { scenario };
  const first: Crash = { process, number: Number(number), operation, side: side as CrashSide };
  if (againOperation === undefined) return { scenario, first };
  return { scenario, first, second: { number: Number(again), operation: againOperation, side: againSide as CrashSide } };
}
