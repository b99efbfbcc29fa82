import { isScheduleEvent, type ScheduleEvent } from "@autoscaling-job-queues/domain/schedule-event";
import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { quote } from "../http/problem.ts";
import { type RunScheduleDependencies, runSchedule } from "./run-schedule.ts";

/**
 * Runs what the scheduler, or the dead-letter queue of what failed, invokes the schedule Lambda with. From the queue messages come again
 * until they are dealt with.
 *
 * @throws where the scheduler's event is not dealt with: Lambda tries it again, and then passes it to that queue.
 */
export async function handleSchedule(
  event: unknown,
  dependencies: RunScheduleDependencies,
): Promise<SQSBatchResponse | undefined> {
  const records = (event as Partial<SQSEvent> | null)?.Records;
  if (records === undefined) {
    await runSchedule(readEvent(event), dependencies);
    return undefined;
  }
  const failed = await Promise.all(
    records.map(async (record) => {
      const { messageId, body } = record;
      try {
        await runSchedule(readDeadLetter(record), dependencies);
        return [];
      } catch (error) {
        dependencies.telemetry.logger.error("what was due is not done; it will come again", {
          messageId,
          event: quote(body),
          error,
        });
        return [{ itemIdentifier: messageId }];
      }
    }),
  );
  return { batchItemFailures: failed.flat() };
}

/** Lambda passes on the event as it was; the scheduler puts it into the request that it made, or was to make, of Lambda. */
function readDeadLetter({ body }: SQSRecord): ScheduleEvent {
  const content = JSON.parse(body) as { readonly Payload?: unknown } | null;
  const { Payload: payload = content } = content ?? {};
  return readEvent(typeof payload === "string" ? JSON.parse(payload) : payload);
}

function readEvent(event: unknown): ScheduleEvent {
  if (isScheduleEvent(event)) return event;
  throw new Error(`${quote(event)} is nothing that a schedule of this system says`);
}
