import { preciseNow } from "./call-times.ts";
import { acknowledge, publish, receive, setStatus } from "./raw-calls.ts";

/** The calls of a job that comes alone, raw; its result is when its handler would have ended. */
for (;;) {
  for (const message of await receive()) {
    const { Body: id = "" } = message;
    await publish([await setStatus(id, "RUNNING", "{}")]);
    await publish([await setStatus(id, "SUCCEEDED", JSON.stringify({ endedAt: preciseNow() }))]);
    await acknowledge([message]);
  }
}
