import type { AwsCall } from "../history/aws-call.ts";
import type { MessageLedger } from "./message-ledger.ts";
import type { DeployedJobType } from "./world-platform.ts";

type Entries = readonly Readonly<Record<string, unknown>>[];

/** Keeps the ledger: what a call that was answered sent, received, hid, showed or deleted. */
export function noteMessages(ledger: MessageLedger, { command, input, outcome }: AwsCall, deployed: DeployedJobType): void {
  if (!("output" in outcome)) return;
  const { output } = outcome;
  const queueUrl = String(input.QueueUrl);
  switch (command) {
    case "SendMessageBatch":
      for (const { Id, MessageBody, DelaySeconds = 0 } of taken(input, output)) {
        const { MessageId } = (output.Successful as Entries).find((entry) => entry.Id === Id) ?? {};
        ledger.sent(queueUrl, String(MessageId), String(MessageBody), Number(DelaySeconds));
      }
      return;
    case "ReceiveMessage": {
      const expected = Math.min(ledger.visible(queueUrl), Number(input.MaxNumberOfMessages ?? 1));
      const messages = ((output.Messages ?? []) as Entries).map(({ MessageId, Body, ReceiptHandle }) => ({
        messageId: String(MessageId),
        body: String(Body),
        receiptHandle: String(ReceiptHandle),
      }));
      ledger.received(queueUrl, messages, Number(input.VisibilityTimeout ?? deployed.jobType.leaseSeconds));
      if (messages.length >= expected) return;
      // What a receive does not find was moved: the dead-letter queue is looked at.
      const missing = ledger.foundNoMore(queueUrl);
      if (queueUrl === deployed.queueUrl)
        for (let moved = 0; moved < missing; moved += 1) ledger.deadLettered(deployed.deadLetterQueueUrl);
      return;
    }
    case "ChangeMessageVisibilityBatch":
      for (const { ReceiptHandle, VisibilityTimeout } of taken(input, output)) {
        ledger.visibilityChanged(String(ReceiptHandle), Number(VisibilityTimeout));
      }
      return;
    case "DeleteMessageBatch":
      for (const { ReceiptHandle } of taken(input, output)) ledger.deleted(String(ReceiptHandle));
  }
}

/** The entries of a batch that the service took. */
function taken({ Entries = [] }: { readonly Entries?: unknown }, { Failed = [] }: { readonly Failed?: unknown }): Entries {
  const failed = new Set((Failed as Entries).map(({ Id }) => Id));
  return (Entries as Entries).filter(({ Id }) => !failed.has(Id));
}
