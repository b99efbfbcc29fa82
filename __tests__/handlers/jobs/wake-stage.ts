import { afterAll, beforeAll, beforeEach } from "vitest";
import { WakeLeases } from "../../../domain/wake-leases.ts";
import { createWake, type Wake } from "../../../handlers/jobs/wake.ts";
import { wakeCalls } from "../../../handlers/jobs/wake-calls.ts";
import { recordCalls } from "../../support/client-middleware.ts";
import { type Emulators, startEmulators } from "../../support/emulators.ts";
import { type EcsStandIn, startEcs } from "../ecs-stand-in.ts";
import { purgeQueues, sendMessages } from "../queues.ts";
import { type RecordedTelemetry, recordedTelemetry } from "../recorded-telemetry.ts";

/** What a wake call works on: emulators, and a stand-in of ECS with one service. */
export interface WakeStage {
  readonly emulators: Emulators;
  readonly ecs: EcsStandIn;
  readonly leases: WakeLeases;
  /** How often the queue's messages were counted since the last {@link clear}. */
  readonly looks: () => number;
  readonly add: (messages: number) => Promise<void>;
  /** A Lambda whose clock stands where the test has it. It waits by moving that. */
  readonly lambda: (
    clock: { now: number },
    settings?: LambdaSettings,
  ) => { readonly wake: Wake; readonly telemetry: RecordedTelemetry };
  /** @returns a type of which nobody has raised the count: a lease is of a type. */
  readonly clear: () => Promise<WakeStageType>;
  readonly stop: () => Promise<void>;
}

export interface LambdaSettings {
  readonly deadlineMs?: number;
  /** From 0 to 1. @default 1 */
  readonly jitter?: number;
  /** A call that it has no right to. */
  readonly refused?: "backlog" | "release";
  /** What happens while it waits. */
  readonly waits?: () => Promise<void>;
}

const WAKE = { cluster: "jobs", service: "canary", recheckSeconds: 30, lookSeconds: 5, backlogPerTask: 10 } as const;

export interface WakeStageType {
  readonly name: string;
  readonly queueUrl: string;
  readonly maxTasks: number;
  readonly wake: typeof WAKE;
}

export interface WakeSuite {
  readonly stage: WakeStage;
  readonly ecs: EcsStandIn;
  /** Of the test that runs. */
  readonly jobType: WakeStageType;
}

/** A stage for all tests of the file that calls it, and a type for each. */
export function wakeSuite(): WakeSuite {
  let stage: WakeStage;
  let jobType: WakeStageType;
  beforeAll(async () => {
    stage = await startWakeStage();
  });
  beforeEach(async () => {
    jobType = await stage.clear();
  });
  afterAll(async () => {
    await stage.stop();
  });
  return {
    get stage() {
      return stage;
    },
    get ecs() {
      return stage.ecs;
    },
    get jobType() {
      return jobType;
    },
  };
}

async function startWakeStage(): Promise<WakeStage> {
  const [emulators, ecs] = await Promise.all([startEmulators(), startEcs()]);
  process.env.AWS_ENDPOINT_URL_ECS = ecs.url;
  const { dynamoDb, sqs, jobTypesTableName, queueUrl } = emulators;
  const calls = recordCalls(sqs);
  let types = 0;
  let before = 0;
  const counted = (): number => calls.filter(({ command }) => command === "GetQueueAttributesCommand").length;
  return {
    emulators,
    ecs,
    leases: new WakeLeases(dynamoDb, jobTypesTableName),
    looks: () => counted() - before,
    add: async (messages) => await sendMessages(sqs, queueUrl, messages),
    lambda: (clock, { jitter = 1, refused, waits, ...settings } = {}) => {
      const telemetry = recordedTelemetry();
      const fails = async (): Promise<never> => {
        throw new Error(`no right to ${refused}`);
      };
      const load = async () => ({ ...wakeCalls(dynamoDb, jobTypesTableName, sqs), ...(refused && { [refused]: fails }) });
      const wake = createWake(load, telemetry, {
        now: () => clock.now,
        random: () => jitter,
        sleep: async (ms) => {
          await waits?.();
          clock.now += ms;
        },
        ...settings,
      });
      return { wake, telemetry };
    },
    clear: async () => {
      await purgeQueues(emulators);
      Object.assign(ecs, { desiredCount: 0, mood: "answers", refused: undefined, onUpdate: undefined });
      ecs.calls.length = 0;
      before = counted();
      types += 1;
      return { name: `canary-${types}`, queueUrl, maxTasks: 20, wake: WAKE };
    },
    stop: async () => {
      await Promise.all([emulators.stop(), ecs.stop()]);
    },
  };
}
