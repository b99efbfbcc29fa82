import type { BuildAppOptions } from "fauxqs";

interface EmulatedMessage {
  readonly body: string;
  readonly delayUntil?: number;
}

/** The parts of fauxqs's queue that it exports no types for. */
interface EmulatedQueue {
  /** Makes delayed messages visible, and those whose visibility timeout ended. */
  processTimers(): void;
  changeVisibility(receiptHandle: string, seconds: number): void;
  purge(): void;
  inspectMessages(): {
    readonly ready: readonly EmulatedMessage[];
    readonly delayed: readonly EmulatedMessage[];
    readonly inflight: readonly {
      readonly message: EmulatedMessage;
      readonly receiptHandle: string;
      readonly visibilityDeadline: number;
    }[];
  };
}

export type EmulatedSqsStore = NonNullable<BuildAppOptions["stores"]>["sqsStore"] & {
  /** Host name that queue URLs hold; when empty, the one that a client asked for. */
  host: string;
  getQueue(url: string): EmulatedQueue | undefined;
};

/** fauxqs takes a store of its own class, but exports that class by file only; its version is pinned. */
export async function emulatedSqsStore(): Promise<EmulatedSqsStore> {
  const file = new URL("./sqs/sqsStore.js", import.meta.resolve("fauxqs"));
  const { SqsStore } = (await import(file.href)) as { readonly SqsStore: new () => EmulatedSqsStore };
  const store = new SqsStore();
  // Not every machine resolves its default, sqs.us-east-1.localhost.
  store.host = "";
  return store;
}
