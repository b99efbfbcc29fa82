import { describe, expect, it } from "vitest";
import { MessageLedger } from "./message-ledger.ts";

const QUEUE = "http://127.0.0.1/000000000000/jobs";
const MESSAGE = { messageId: "message-1", body: "job-1", receiptHandle: "handle-1" };

function ledgerWithClock() {
  const clock = { now: 0 };
  return { clock, ledger: new MessageLedger(() => clock.now) };
}

describe("the ledger of messages", () => {
  it("counts a message as visible until it is received, and again when its visibility timeout has ended", () => {
    const { clock, ledger } = ledgerWithClock();
    ledger.sent(QUEUE, MESSAGE.messageId, MESSAGE.body, 0);
    expect(ledger.visible(QUEUE)).toBe(1);
    ledger.received(QUEUE, [MESSAGE], 30);
    expect([ledger.visible(QUEUE), ledger.nextDue()]).toEqual([0, 30_000]);
    clock.now = 30_000;
    expect([ledger.visible(QUEUE), ledger.nextDue()]).toEqual([1, undefined]);
  });

  it("hides a delayed message until its delay is over", () => {
    const { clock, ledger } = ledgerWithClock();
    ledger.sent(QUEUE, MESSAGE.messageId, MESSAGE.body, 60);
    expect(ledger.visible(QUEUE)).toBe(0);
    clock.now = 60_000;
    expect(ledger.visible(QUEUE)).toBe(1);
  });

  it("lets an old receipt handle hide or delete a message until somebody receives it again", () => {
    const { clock, ledger } = ledgerWithClock();
    ledger.sent(QUEUE, MESSAGE.messageId, MESSAGE.body, 0);
    ledger.received(QUEUE, [MESSAGE], 30);
    clock.now = 31_000;
    ledger.visibilityChanged(MESSAGE.receiptHandle, 30);
    expect(ledger.visible(QUEUE)).toBe(0);
    clock.now = 61_000;
    ledger.received(QUEUE, [{ ...MESSAGE, receiptHandle: "handle-2" }], 30);
    ledger.deleted(MESSAGE.receiptHandle);
    expect(ledger.isEmpty).toBe(false);
    ledger.deleted("handle-2");
    expect(ledger.isEmpty).toBe(true);
  });

  it("keeps a message that was handed back, whatever is done by its old receipt handle", () => {
    const { ledger } = ledgerWithClock();
    ledger.sent(QUEUE, MESSAGE.messageId, MESSAGE.body, 0);
    ledger.received(QUEUE, [MESSAGE], 30);
    ledger.visibilityChanged(MESSAGE.receiptHandle, 0);
    ledger.deleted(MESSAGE.receiptHandle);
    expect(ledger.visible(QUEUE)).toBe(1);
  });

  it("tells how many messages a receive did not find", () => {
    const { ledger } = ledgerWithClock();
    ledger.sent(QUEUE, MESSAGE.messageId, MESSAGE.body, 0);
    expect(ledger.foundNoMore(QUEUE)).toBe(1);
    expect(ledger.isEmpty).toBe(true);
  });
});
