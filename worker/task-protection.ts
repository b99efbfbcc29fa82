export interface TaskProtectionSettings {
  /** `$ECS_AGENT_URI`. */
  readonly agentUri: string;
  /** How long a task has no job before it gives its protection up. @default 5 */
  readonly idleSeconds?: number | undefined;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly report: (message: string) => void;
}

/** ECS: a protection lasts 1 to 2,880 minutes (task scale-in protection endpoint). */
const MAX_MINUTES = 2_880;
/** Asked for beyond what the jobs in hand need, so that a stream of jobs renews it only now and then. */
const SLACK_MINUTES = 10;
/** A job longer than a protection can last has it renewed when so much is left of it. */
const RENEW_MINUTES = 60;
const IDLE_SECONDS = 5;
/** How long to wait after a refusal before asking again, in milliseconds. */
const REFUSED_MS = 10_000;
/** A task that is refused takes no new work for so long at the most, in milliseconds. */
const MAX_PAUSE_MS = 300_000;
const DEADLINE_MS = 5_000;

interface AgentAnswer {
  readonly protection?: { readonly ProtectionEnabled: boolean; readonly ExpirationDate?: string };
  readonly failure?: { readonly Reason?: string; readonly Detail?: string };
  readonly error?: { readonly Code?: string; readonly Message?: string };
}

/**
 * ECS task scale-in protection: asked for while the worker has jobs, given up when it is idle. `DEPLOYMENT_BLOCKED` means
 * that the service already has as many protected tasks as it wants: this one is to go, so it takes no new work for a while,
 * and its jobs still have their leases and the hand-back at SIGTERM.
 */
export class TaskProtection {
  readonly #settings: TaskProtectionSettings;
  #neededUntil = 0;
  #grantedUntil = 0;
  #idleSince: number | undefined;
  #refusedAt: number | undefined;
  #pausedSince: number | undefined;
  #asking = false;

  constructor(settings: TaskProtectionSettings) {
    this.#settings = settings;
  }

  /** Whether the worker should take no new work, because ECS wants this task to go. */
  get paused(): boolean {
    return this.#pausedSince !== undefined && this.#settings.now() - this.#pausedSince < MAX_PAUSE_MS;
  }

  /** The worker has a job that may run until then (epoch milliseconds). */
  busyUntil(until: number): void {
    this.#idleSince = undefined;
    this.#neededUntil = Math.max(this.#neededUntil, until);
    this.tick();
  }

  /** The worker has no job. */
  idle(): void {
    this.#idleSince ??= this.#settings.now();
    this.#neededUntil = 0;
  }

  /** Asks for what is due; to be called every second or so. */
  tick(): void {
    const now = this.#settings.now();
    const idleMs = (this.#settings.idleSeconds ?? IDLE_SECONDS) * 1_000;
    if (this.#asking || (this.#refusedAt !== undefined && now - this.#refusedAt < REFUSED_MS)) return;
    if (this.#idleSince === undefined) {
      const longest = now + (MAX_MINUTES - RENEW_MINUTES) * 60_000;
      if (Math.min(this.#neededUntil, longest) > this.#grantedUntil) void this.#ask(true);
    } else if (now - this.#idleSince >= idleMs && (this.#grantedUntil > 0 || this.#pausedSince !== undefined)) {
      void this.#ask(false);
    }
  }

  /** Gives the protection up, so that the task can be stopped. */
  async release(): Promise<void> {
    if (this.#grantedUntil > 0) await this.#ask(false);
  }

  async #ask(enable: boolean): Promise<void> {
    const { now, report, agentUri } = this.#settings;
    const minutes = Math.ceil((this.#neededUntil - now()) / 60_000) + SLACK_MINUTES;
    const ExpiresInMinutes = Math.min(MAX_MINUTES, Math.max(1, minutes));
    this.#asking = true;
    try {
      const response = await fetch(`${agentUri}/task-protection/v1/state`, {
        method: "PUT",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(enable ? { ProtectionEnabled: true, ExpiresInMinutes } : { ProtectionEnabled: false }),
        signal: AbortSignal.timeout(DEADLINE_MS),
      });
      const answer = (await response.json()) as AgentAnswer;
      if (answer.protection === undefined) {
        const { failure, error } = answer;
        this.#refused(failure?.Reason ?? error?.Code ?? `HTTP ${response.status}`, failure?.Detail ?? error?.Message);
        return;
      }
      this.#grantedUntil = enable ? now() + ExpiresInMinutes * 60_000 : 0;
      this.#refusedAt = undefined;
      this.#pausedSince = undefined;
    } catch (error) {
      this.#refusedAt = now();
      report(`the ECS agent did not answer: ${(error as Error).message}`);
    } finally {
      this.#asking = false;
    }
  }

  #refused(reason: string, detail = "no detail"): void {
    this.#refusedAt = this.#settings.now();
    if (reason === "DEPLOYMENT_BLOCKED") this.#pausedSince ??= this.#settings.now();
    this.#settings.report(`ECS refused task protection: ${reason}: ${detail}`);
  }
}
