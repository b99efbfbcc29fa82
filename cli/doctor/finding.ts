import type { Connection } from "../connect.ts";
import type { Cli } from "../verb.ts";

/** What a check found: all is well, something may go wrong, something is wrong, or it could not be looked at. */
export type FindingStatus = "ok" | "warning" | "wrong" | "unknown";

export interface Finding {
  /** What was looked at: a word or two. */
  readonly check: string;
  readonly status: FindingStatus;
  /** What was found; of `unknown`, why it could not be. */
  readonly message: string;
  /** What mends it. */
  readonly fix?: string;
}

/** What checks are made with. */
export interface Patient {
  readonly cli: Cli;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  /** Undefined where no API is named. */
  readonly connection: Connection | undefined;
}

/** A check gives its findings; what it throws is a reason why it could not look. */
export interface Check {
  readonly name: string;
  readonly look: (patient: Patient) => Promise<readonly Finding[]>;
}

/** Runs a check. @returns its findings, or that it could not be made, and why. */
export async function findingsOf({ name, look }: Check, patient: Patient): Promise<readonly Finding[]> {
  try {
    return await look(patient);
  } catch (error) {
    patient.signal.throwIfAborted();
    const [message = "", ...fix] = (error as Error).message.split(/[;:] (?=set |log in )/i);
    return [{ check: name, status: "unknown", message, ...(fix.length === 0 ? {} : { fix: fix.join("; ") }) }];
  }
}
