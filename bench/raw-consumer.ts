import { MAX_BATCH_ENTRIES } from "@autoscaling-job-queues/domain/limits";
import { readingsAt } from "./consumer-process.ts";
import { acknowledge, publish, receive, setStatus } from "./raw-calls.ts";

/** The floor: the calls of ten jobs, raw, in a loop, and several of it for more. Arguments: as `our-consumer.ts`. */

const [concurrency = 0, ...marks] = process.argv.slice(2).map(Number);
const done = readingsAt(marks);

/** Writes all jobs, so many at a time, then publishes them in one call. */
async function write(ids: readonly string[], to: string, lanes: number): Promise<void> {
  const left = [...ids];
  const messages: string[] = [];
  const lane = async (): Promise<void> => {
    for (let id = left.shift(); id !== undefined; id = left.shift()) messages.push(await setStatus(id, to, "{}"));
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  await publish(messages);
}

async function loop(lanes: number): Promise<void> {
  for (;;) {
    const messages = await receive();
    const ids = messages.map(({ Body = "" }) => Body);
    if (ids.length === 0) continue;
    await write(ids, "RUNNING", lanes);
    await write(ids, "SUCCEEDED", lanes);
    await acknowledge(messages);
    for (const _ of ids) done();
  }
}

for (let left = concurrency; left > 0; left -= MAX_BATCH_ENTRIES) void loop(Math.min(left, MAX_BATCH_ENTRIES));
