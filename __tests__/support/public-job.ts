import type { Job, StoredJob } from "../../domain/job.ts";
import { jobEvent } from "../../domain/job-events.ts";
import { jobJson } from "../../domain/job-json.ts";

/** A stored job as its callers read it. */
export function publicJob(stored: StoredJob): Job {
  return JSON.parse(jobJson(stored)) as Job;
}

/** The event of a stored job as a subscriber reads it. */
export function publicEvent(stored: StoredJob): Job {
  return JSON.parse(jobEvent(stored)) as Job;
}
