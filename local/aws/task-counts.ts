/** How many tasks a service ran from a moment on. */
export interface TaskCount {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly running: number;
}

/** When the alarm of a service on waiting messages fired, and the tasks that had been asked for by then. */
export interface FirstAlarm {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly tasks: number;
}

type Listener = (service: string, running: number) => void;

/** The number of running tasks of each service over time. */
export class TaskCounts {
  readonly #history: Map<string, TaskCount[]>;
  readonly #listeners = new Set<Listener>();
  readonly #firstAlarms = new Map<string, FirstAlarm>();
  #mostTotal = 0;

  constructor(services: readonly string[], now: number) {
    this.#history = new Map(services.map((service) => [service, [{ at: now, running: 0 }]]));
  }

  record(service: string, running: number, at: number): void {
    this.#history.get(service)?.push({ at, running });
    this.#mostTotal = Math.max(this.#mostTotal, this.total());
    for (const listener of this.#listeners) listener(service, running);
  }

  /** Every change, oldest first; it begins with 0. */
  history(service: string): readonly TaskCount[] {
    return this.#history.get(service) ?? [];
  }

  running(service: string): number {
    return this.history(service).at(-1)?.running ?? 0;
  }

  /** Tasks of all services. */
  total(): number {
    return [...this.#history.keys()].reduce((sum, service) => sum + this.running(service), 0);
  }

  /** The most tasks of all services that ever ran at once. */
  mostTotal(): number {
    return this.#mostTotal;
  }

  /** When the first task of any service started, in epoch milliseconds. */
  firstStart(): number | undefined {
    const starts = [...this.#history.values()].flatMap((history) => history.find(({ running }) => running > 0)?.at ?? []);
    return starts.length === 0 ? undefined : Math.min(...starts);
  }

  /** Notes an alarm of a service; the first is kept. */
  alarmed(service: string, alarm: FirstAlarm): void {
    if (!this.#firstAlarms.has(service)) this.#firstAlarms.set(service, alarm);
  }

  /** Undefined where none has fired. */
  firstAlarm(service: string): FirstAlarm | undefined {
    return this.#firstAlarms.get(service);
  }

  /** @returns a function that ends it. */
  onChange(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
