import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { HeldJob } from "./ended-attempts.ts";
import type { Checkpoint, JobClaim, Progress, StoredJob } from "./job.ts";
import { JobItems, jobOfItem, type WriteOutcome } from "./job-items.ts";
import { transitionUpdate } from "./transition-update.ts";
import type { TransitionName, TransitionValues } from "./transitions.ts";

/**
 * Which version of which job a transition replaces. Whoever has seen it gives it whole: its creation, since a key that is used again after
 * its job expired makes a job of the same ID with the same versions and attempts, and the attempt that it is in.
 */
export type JobVersion = Pick<StoredJob, "id" | "type" | "version"> & {
  /** Undefined where a claim has not seen the job; its partition of the index stays the same. */
  readonly typeStatus: string | undefined;
} & Partial<Pick<StoredJob, "createdAt"> & HeldJob>;

/** What a write of a claim has beside its attribute. */
interface Further {
  readonly condition?: string;
  readonly set?: string;
  readonly names: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, unknown>>;
}

/** The jobs table, for who changes jobs as well. */
export class JobStore extends JobItems {
  /** Makes a transition of `TRANSITIONS` in one conditional update. */
  async transition(replaced: JobVersion, name: TransitionName, values: TransitionValues): Promise<WriteOutcome> {
    return await this.write(replaced.id, values.writeId, async () => {
      const { Attributes } = await this.client.send(
        new UpdateCommand({
          TableName: this.tableName,
          Key: { id: replaced.id },
          ...transitionUpdate(replaced, name, values),
          ReturnValues: "ALL_NEW",
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
      return jobOfItem(Attributes);
    });
  }

  /**
   * Extends the lease of a claim, which is also its worker's heartbeat. It makes no version.
   *
   * @param leaseExpiresAt epoch milliseconds, as `now`.
   * @returns whether the claim still holds the job.
   */
  async extendLease(claim: JobClaim, leaseExpiresAt: number, now: number): Promise<boolean> {
    return await this.#whileHeld(claim, "leaseExpiresAt", leaseExpiresAt, {
      set: "#heartbeatAt = :heartbeatAt",
      names: { "#heartbeatAt": "heartbeatAt" },
      values: { ":heartbeatAt": new Date(now).toISOString() },
    });
  }

  /** Writes the progress of a claim; see `extendLease`. */
  async recordProgress(claim: JobClaim, progress: Progress): Promise<boolean> {
    return await this.#whileHeld(claim, "progress", progress);
  }

  /**
   * Writes a checkpoint of a claim; see `extendLease`. It takes the place of none with a higher number: a call that was given up may
   * still take effect after the next one.
   */
  async recordCheckpoint(claim: JobClaim, checkpoint: Checkpoint): Promise<boolean> {
    return await this.#whileHeld(claim, "checkpoint", checkpoint, {
      condition: "(attribute_not_exists(#attribute) OR #attribute.#number <= :number)",
      names: { "#number": "number" },
      values: { ":number": checkpoint.number },
    });
  }

  async #whileHeld(
    { id, createdAt, attempt }: JobClaim,
    attribute: keyof StoredJob,
    value: unknown,
    also?: Further,
  ): Promise<boolean> {
    const isHeld = "#attempt = :attempt AND #status = :running AND #createdAt = :createdAt";
    try {
      await this.client.send(
        new UpdateCommand({
          TableName: this.tableName,
          Key: { id },
          UpdateExpression: also?.set === undefined ? "SET #attribute = :value" : `SET #attribute = :value, ${also.set}`,
          ConditionExpression: also?.condition === undefined ? isHeld : `${isHeld} AND ${also.condition}`,
          ExpressionAttributeNames: {
            "#attribute": attribute,
            "#attempt": "attempt",
            "#status": "status",
            "#createdAt": "createdAt",
            ...also?.names,
          },
          ExpressionAttributeValues: {
            ":value": value,
            ":attempt": attempt,
            ":running": "RUNNING",
            ":createdAt": createdAt,
            ...also?.values,
          },
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }
}
