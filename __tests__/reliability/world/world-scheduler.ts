import type { OneTimeSchedule, SchedulerCalls } from "../../../handlers/jobs/scheduler-calls.ts";
import { type Invocation, Schedules } from "../../../local/aws/schedules.ts";
import type { AwsCallListener } from "../history/aws-call.ts";

const TARGET = {
  Arn: "arn:aws:lambda:us-east-1:000000000000:function:schedule",
  RoleArn: "arn:aws:iam::000000000000:role/scheduler",
};

/** EventBridge Scheduler by the world's clock: the schedules of this machine's endpoint, without its protocol. */
export class WorldScheduler {
  #schedules = new Schedules();
  /** Hears of each call that was answered. */
  heard: AwsCallListener = () => {};

  /** What Lambdas call. */
  readonly calls: SchedulerCalls = {
    create: async (schedule) => this.#put("CreateSchedule", schedule, false),
    update: async (schedule) => this.#put("UpdateSchedule", schedule, true),
    delete: async (name) => {
      if (this.#schedules.delete(name)) this.#tell("DeleteSchedule", name);
    },
  };

  /** Schedules something once. @param at epoch milliseconds; the scheduler's times are whole seconds. */
  once(name: string, at: number, event: object): void {
    const seconds = new Date(Math.ceil(at / 1_000) * 1_000).toISOString().slice(0, "yyyy-mm-ddThh:mm:ss".length);
    this.#set({ name, at: seconds, input: JSON.stringify(event) });
  }

  takeDue(): Invocation[] {
    return this.#schedules.takeDue(Date.now());
  }

  /** When the next one is due, in epoch milliseconds. */
  nextAt(): number | undefined {
    return this.#schedules.nextAt();
  }

  /** When each is due, by its name. */
  times(): (readonly [name: string, nextAt: number | undefined])[] {
    return this.#schedules.times();
  }

  clear(): void {
    this.#schedules = new Schedules();
  }

  #put(command: string, schedule: OneTimeSchedule, isThere: boolean): boolean {
    if ((this.#schedules.get(schedule.name) !== undefined) !== isThere) return false;
    this.#set(schedule);
    this.#tell(command, schedule.name);
    return true;
  }

  #set({ name, at, input }: OneTimeSchedule): void {
    const Target = { ...TARGET, Input: input };
    this.#schedules.put(name, { ScheduleExpression: `at(${at})`, ActionAfterCompletion: "DELETE", Target }, Date.now());
  }

  #tell(command: string, Name: string): void {
    this.heard({ by: "", command, input: { Name }, outcome: { output: {} } });
  }
}
