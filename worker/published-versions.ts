import type { StoredJob } from "@autoscaling-job-queues/domain/job";
import type { JobEvents } from "@autoscaling-job-queues/domain/job-events";
import { type TryAgainSettings, tryAgain } from "./try-again.ts";

/** The versions of one job that this attempt has published or is publishing: each is published once, or again if it failed. */
export class PublishedVersions {
  readonly #events: Pick<JobEvents, "publish">;
  readonly #settings: TryAgainSettings;
  readonly #versions = new Map<number, Promise<void>>();

  constructor(events: Pick<JobEvents, "publish">, settings: TryAgainSettings) {
    this.#events = events;
    this.#settings = settings;
  }

  /** Settles when SNS has taken the version. */
  ensure(job: StoredJob): Promise<void> {
    const known = this.#versions.get(job.version);
    if (known !== undefined) return known;
    const publishing = tryAgain(() => this.#events.publish(job), this.#settings);
    this.#versions.set(job.version, publishing);
    publishing.catch(() => this.#versions.delete(job.version));
    return publishing;
  }
}
