import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { Controls } from "../../../../domain/controls.ts";
import { changeControl } from "../../../../handlers/jobs/controls/change-control.ts";
import type { ScalingCalls } from "../../../../handlers/jobs/controls/scaling-calls.ts";
import { ROUND_MS } from "../../../../handlers/jobs/controls/suspend-type.ts";
import { buildRegistryEntry } from "../../../support/build-registry-entry.ts";
import { recordedTelemetry } from "../../recorded-telemetry.ts";
import { type ScalingStandIn, scalingStandIn } from "../../scaling-stand-in.ts";

const JOB_TYPE = buildRegistryEntry("canary");

/** A type that some pause and others resume, by Lambdas of which each makes its next call when it is told to. */
export class OneCallAtATime {
  readonly scaling: ScalingStandIn = scalingStandIn();
  #item: Readonly<Record<string, unknown>> | undefined;
  #now = 0;

  /** Whether the type shows as paused. */
  get isPaused(): boolean {
    return this.#item?.paused !== undefined;
  }

  /** Whether nobody sees why no task starts, or not at once, or no alarm pages. */
  get isSecret(): boolean {
    return !this.isPaused && (this.scaling.suspended || this.scaling.silent || this.scaling.held);
  }

  /** Begins a request, and makes none of its calls. */
  begin(action: "pause" | "resume"): Caller {
    const caller = new Caller(() => this.#now);
    const client = { send: async (command: { input: Input }) => await caller.call(() => this.#send(command.input)) };
    const real = this.scaling as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
    const names = [
      "suspend",
      "silence",
      "setDesiredCount",
      "desiredCount",
      "minTasks",
      "backlog",
      "hold",
      "lease",
      "release",
    ] as const;
    const scaling = Object.fromEntries(
      names.map((name) => [name, async (...args: unknown[]) => await caller.call(async () => await real[name]?.(...args))]),
    );
    caller.run(
      changeControl(
        { jobType: JOB_TYPE, action, by: "ada" },
        {
          registry: { get: async () => JOB_TYPE },
          controls: new Controls(client as unknown as DynamoDBDocumentClient, "types"),
          scaling: scaling as unknown as ScalingCalls,
          telemetry: recordedTelemetry(),
          now: () => this.#now,
          sleep: async (ms) => {
            this.#now += ms;
          },
        },
      ),
    );
    return caller;
  }

  /** A table of one item, whose conditions say that members are as they were read. */
  async #send({ Item, ExpressionAttributeNames: names = {}, ExpressionAttributeValues: values = {} }: Input): Promise<unknown> {
    if (Item === undefined) return { Item: this.#item };
    const isAsRead = Object.values(names).every((name) => this.#item?.[name] === values[`:${name}`]);
    if (!isAsRead) throw new ConditionalCheckFailedException({ message: "somebody has written", $metadata: {} });
    this.#item = Item;
    return {};
  }
}

interface Input {
  readonly Item?: Readonly<Record<string, unknown>>;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Readonly<Record<string, unknown>>;
}

/** The Lambda of one request. Where nobody tells it to go on any more, it has died. */
export class Caller {
  readonly #now: () => number;
  readonly #waiting: (() => void)[] = [];
  #isOver = false;

  constructor(now: () => number) {
    this.#now = now;
  }

  run(request: Promise<unknown>): void {
    const over = (): void => {
      this.#isOver = true;
    };
    request.then(over, over);
  }

  /** Waits for its turn; a call that was not sent in time is not sent at all. */
  async call<Answer>(perform: () => Promise<Answer>): Promise<Answer> {
    const asked = this.#now();
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (this.#now() - asked >= ROUND_MS) throw new DOMException("the call took too long", "TimeoutError");
    return await perform();
  }

  /** Makes so many calls, if it has so many. @returns how many it made. */
  async goOn(calls = Number.POSITIVE_INFINITY): Promise<number> {
    for (let made = 0; made < calls; made += 1) {
      await this.#untilWaiting();
      const next = this.#waiting.shift();
      if (next === undefined) return made;
      next();
    }
    return calls;
  }

  /** Until it waits for its turn, or has answered: all that it does between two calls takes no time. */
  async #untilWaiting(): Promise<void> {
    while (this.#waiting.length === 0 && !this.#isOver) await new Promise(setImmediate);
  }
}
