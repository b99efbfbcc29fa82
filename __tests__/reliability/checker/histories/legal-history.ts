import type { History } from "../../history/fact.ts";

/** A run in which nothing is wrong, though much may look so. */
export interface LegalHistory {
  readonly when: string;
  readonly history: History;
  /** Facts are recorded when answers come, and one was overtaken by what it led to. */
  readonly overtaken?: boolean;
}
