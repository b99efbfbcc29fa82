/**
 * One try of one AWS call, as it went over the wire and was answered, in the SDK's shape: DynamoDB attributes are plain
 * JavaScript values. A call that the SDK retries is several of these.
 */
export interface AwsCall {
  /** The process that made it. */
  readonly by: string;
  /** The operation: "PutItem", "SendMessageBatch". */
  readonly command: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly outcome: AwsOutcome;
}

export type AwsOutcome =
  | {
      readonly output: Readonly<Record<string, unknown>>;
      /** The answer's `Date` header. */
      readonly date?: string | undefined;
    }
  /**
   * The error's name. `refused` when the service said no (4xx), so that the call certainly had no effect; otherwise nobody
   * knows.
   */
  | { readonly error: string; readonly refused: boolean };

/** Hears of calls, one after the other, before whoever made the call hears of its answer. */
export type AwsCallListener = (call: AwsCall) => void;
