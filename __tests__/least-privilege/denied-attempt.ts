import type { AccessRequest } from "./access.ts";
import type { Arns } from "./deployed-arns.ts";

/** What must be refused, however it is asked for. */
export interface DeniedAttempt {
  /** By the name of `principalsOf`. */
  readonly principal: string;
  readonly action: string;
  readonly on: (arns: Arns) => string;
  readonly context?: (arns: Arns) => NonNullable<AccessRequest["context"]>;
  readonly because: string;
}

export type Row = readonly [action: string, on: DeniedAttempt["on"], because: string, context?: DeniedAttempt["context"]];

export const rows = (principals: readonly string[], all: readonly Row[]): DeniedAttempt[] =>
  principals.flatMap((principal) =>
    all.map(([action, on, because, context]) => ({
      principal,
      action,
      on,
      because,
      ...(context === undefined ? {} : { context }),
    })),
  );

export const LAMBDAS = [
  "add-job",
  "create-upload",
  "query-job",
  "cancel-job",
  "control",
  "why",
  "dead-letter",
  "on-complete",
  "schedule",
];
