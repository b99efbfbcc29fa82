import type { ScalingCalls } from "../../handlers/jobs/controls/scaling-calls.ts";

/** What scales one service, in memory. */
export interface ScalingStandIn extends ScalingCalls {
  /** Names of calls that change something, in order of their coming. */
  readonly calls: string[];
  suspended: boolean;
  silent: boolean;
  desired: number;
  least: number;
  waiting: number;
  /** Whether nobody may raise its count. */
  held: boolean;
  /** Until when somebody raises it, in epoch milliseconds, who had begun before. */
  raisedUntil: number | undefined;
  /** Called before each of those calls takes effect; throws where it is to fail. */
  before: (call: string) => Promise<void>;
}

export function scalingStandIn(): ScalingStandIn {
  const change = async (call: string, effect: () => void): Promise<void> => {
    await service.before(call);
    service.calls.push(call);
    effect();
  };
  const service: ScalingStandIn = {
    calls: [],
    suspended: false,
    silent: false,
    desired: 0,
    least: 0,
    waiting: 0,
    held: false,
    raisedUntil: undefined,
    before: async () => {},
    suspend: async (_, suspended) =>
      await change(suspended ? "suspend" : "go on", () => {
        service.suspended = suspended;
      }),
    silence: async (_, silent) =>
      await change(silent ? "silence" : "page", () => {
        service.silent = silent;
      }),
    hold: async (_, held) => {
      await change(held ? "hold" : "let go", () => {
        service.held = held;
      });
      return service.raisedUntil;
    },
    lease: async () => (service.held ? { state: "held" } : { state: "leased", restsUntil: 0 }),
    release: async () => {},
    setDesiredCount: async (_, count) =>
      await change(`want ${count}`, () => {
        service.desired = count;
      }),
    desiredCount: async () => service.desired,
    minTasks: async () => service.least,
    backlog: async () => service.waiting,
  };
  return service;
}
