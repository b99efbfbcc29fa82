/**
 * What a schedule can make of one call. All but the first happen to the process that makes it; those that bring about something
 * new do so as soon as the call has been answered.
 */
export const KINDS = {
  overtakes: "its process goes on before the one whose turn it was",
  "dies-before": "its process is killed before the call reaches AWS",
  "dies-after": "its process is killed when the call has taken effect, and the answer is lost",
  "loses-answer": "the connection breaks when the call has taken effect, so that the SDK makes it again",
  stalls: "its worker stands still past its leases, and then gets the answer",
  "is-told": "its worker is told to shut down (SIGTERM) before it hears the answer",
  redelivers: "SQS delivers a message of the job once more",
  cancels: "a client asks to cancel the job",
  repeats: "a client repeats its request to add the job",
} as const;

export type Kind = keyof typeof KINDS;

/** How many disturbances there are in one run, and of which kinds. */
export interface Bound {
  readonly kinds: readonly Kind[];
  readonly atMost: number;
}

const ALL_KINDS = Object.keys(KINDS) as Kind[];

export const ONE_DISTURBANCE: Bound = { kinds: ALL_KINDS, atMost: 1 };
export const TWO_DISTURBANCES: Bound = { kinds: ALL_KINDS, atMost: 2 };
export const TWO_DEATHS: Bound = { kinds: ["dies-before", "dies-after"], atMost: 2 };

/** A call of a run: the `number`-th of all. */
export interface Call {
  readonly number: number;
  /** Such as `worker#1`. */
  readonly process: string;
  readonly operation: string;
}

export interface Disturbance extends Call {
  readonly kind: Kind;
}

/**
 * Which run of a scenario it is: where it departs from the usual order, in which a process goes on until it waits for something.
 * All else follows from that, each time anew.
 */
export interface Schedule {
  readonly scenario: string;
  /** By ascending number of their calls. */
  readonly disturbances: readonly Disturbance[];
}

const DISTURBANCE = /^(?<number>\d+):(?<process>[\w-]+#\d+):(?<operation>\w+):(?<kind>[\w-]+)$/;

/** Such as `cancel-while-running/7:worker#1:UpdateItem:dies-after/12:add#2:PutItem:overtakes`. */
export function scheduleName({ scenario, disturbances }: Schedule): string {
  const names = disturbances.map(({ number, process, operation, kind }) => `${number}:${process}:${operation}:${kind}`);
  return [scenario, ...names].join("/");
}

/** Reads a schedule's name. @throws Error when it is none. */
export function parseScheduleName(name: string): Schedule {
  const [scenario = "", ...names] = name.split("/");
  const disturbances = names.map((text) => {
    const { number, process, operation, kind } = DISTURBANCE.exec(text)?.groups ?? {};
    if (process === undefined || operation === undefined || !(String(kind) in KINDS)) throw new Error(notAName(name));
    return { number: Number(number), process, operation, kind: kind as Kind };
  });
  if (scenario === "") throw new Error(notAName(name));
  return { scenario, disturbances };
}

function notAName(name: string): string {
  return `not the name of a schedule: ${name}`;
}
