import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import type { Invocation, ScheduleSettings, Schedules } from "./schedules.ts";

interface SchedulerState {
  readonly schedules: Schedules;
  /** Of the calls that made schedules, by name. */
  readonly tokens: Map<string, string>;
}

interface KeptSchedule {
  readonly name: string;
  readonly settings: ScheduleSettings;
  readonly token: string | undefined;
}

/**
 * Keeps the schedules of single jobs in a file: one that is due stays there until its target has been invoked, as it is all that promises
 * the job. Those that job types declare are made at each start.
 */
export class KeptSchedules {
  readonly #file: string | undefined;
  readonly #state: SchedulerState;
  readonly #underWay = new Map<string, ScheduleSettings>();

  /** @param file undefined where nothing is kept. */
  constructor(file: string | undefined, state: SchedulerState) {
    this.#file = file;
    this.#state = state;
  }

  /** Makes the schedules that were kept; those that were due meanwhile are due now. */
  load(now: number): void {
    if (this.#file === undefined || !existsSync(this.#file)) return;
    for (const { name, settings, token } of JSON.parse(readFileSync(this.#file, "utf8")) as KeptSchedule[]) {
      this.#state.schedules.put(name, settings, now);
      if (token !== undefined) this.#state.tokens.set(name, token);
    }
  }

  /** @param take takes what is due out of the schedules. */
  taking(take: () => Invocation[]): Invocation[] {
    if (this.#file === undefined) return take();
    const before = new Map(this.#state.schedules.ofOneTime());
    const due = take();
    for (const { name } of due) {
      const settings = before.get(name);
      if (settings !== undefined) this.#underWay.set(name, settings);
    }
    return due;
  }

  ran(name: string): void {
    if (this.#underWay.delete(name)) this.save();
  }

  save(): void {
    if (this.#file === undefined) return;
    const schedules = new Map([...this.#underWay, ...this.#state.schedules.ofOneTime()]);
    const kept = [...schedules].map(
      ([name, settings]): KeptSchedule => ({ name, settings, token: this.#state.tokens.get(name) }),
    );
    // A file that is cut off would lose all of them.
    writeFileSync(`${this.#file}.new`, JSON.stringify(kept));
    renameSync(`${this.#file}.new`, this.#file);
  }
}
