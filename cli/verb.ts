import type { JobsClient } from "@autoscaling-job-queues/client/jobs-client";
import type { Connection } from "./connect.ts";
import type { ExitCode } from "./exit-codes.ts";
import type { Output } from "./output/output.ts";

/** What the shell offers for a value: words, or what is looked up when Tab is pressed. */
export type Completes = "jobTypes" | "files" | readonly string[];

export interface ArgumentSpec {
  /** As commander writes it: `<id>`, `[id]`, `<id...>`. */
  readonly name: string;
  readonly description: string;
  readonly completes?: Completes;
}

export interface OptionSpec {
  /** As commander writes it: `--tag <key:value>`, `-y, --yes`. */
  readonly flags: string;
  readonly description: string;
  /** Reads the value. @throws UsageError that says what is allowed. @default the text */
  readonly parse?: (text: string) => unknown;
  /** Whether it may be given several times; its value is a list. @default false */
  readonly repeat?: boolean;
  readonly choices?: readonly string[];
  readonly completes?: Completes;
}

export interface Example {
  readonly command: string;
  readonly does: string;
}

/** What a verb runs with. */
export interface Cli {
  /** Connects at the first call, so that what needs no API works without one. */
  readonly connection: () => Promise<Connection>;
  readonly client: () => Promise<JobsClient>;
  readonly out: Output;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  readonly stdin: NodeJS.ReadStream;
  readonly env: NodeJS.ProcessEnv;
  /** Of `--api`. */
  readonly api: string | undefined;
}

/** A verb of `jobs`, as data: `--json`, `--api` and `--help` come by themselves. */
export interface Verb {
  /** `add`, or with a group, `batch add`. */
  readonly name: string;
  /** One line, for the list of verbs. */
  readonly summary: string;
  /** What the help says beside that. */
  readonly details?: string;
  readonly arguments?: readonly ArgumentSpec[];
  readonly options?: readonly OptionSpec[];
  readonly examples: readonly Example[];
  /** Whether no help lists it: what programs call. @default false */
  readonly hidden?: boolean;
  readonly run: (cli: Cli, args: readonly unknown[], options: never) => Promise<ExitCode>;
}

type TypedVerb<Options, Args extends readonly unknown[]> = Omit<Verb, "run"> & {
  readonly run: (cli: Cli, args: Args, options: Options) => Promise<ExitCode>;
};

/** Gives the arguments and options of a verb their types, as its specifications say them. */
export function defineVerb<Options = object, Args extends readonly unknown[] = []>(verb: TypedVerb<Options, Args>): Verb {
  return verb as unknown as Verb;
}
