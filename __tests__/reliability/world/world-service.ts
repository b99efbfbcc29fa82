import type { ScalingCalls } from "../../../handlers/jobs/controls/scaling-calls.ts";
import { passed } from "./gated-clients.ts";

/** The service of a world's type, as far as a pause changes it: its tasks are the world's workers, whatever it wants. */
export class WorldService {
  suspended = false;
  /** Whether the alarms on jobs that wait page nobody. */
  silent = false;
  /** Whether nobody may raise what it wants. */
  held = false;
  desired = 0;
  readonly #backlog: () => number;

  /** @param backlog messages of the type's queue. */
  constructor(backlog: () => number) {
    this.#backlog = backlog;
  }

  /** What the control Lambda calls. */
  readonly calls: ScalingCalls = {
    suspend: async (_, suspended) =>
      await passed("RegisterScalableTarget", { suspended }, async () => {
        this.suspended = suspended;
      }),
    silence: async (_, silent) =>
      await passed(silent ? "DisableAlarmActions" : "EnableAlarmActions", {}, async () => {
        this.silent = silent;
      }),
    hold: async (_, held) =>
      await passed("UpdateItem", { held }, async () => {
        this.held = held;
        return undefined;
      }),
    lease: async () =>
      await passed("UpdateItem", {}, async () =>
        this.held ? { state: "held" as const } : { state: "leased" as const, restsUntil: 0 },
      ),
    release: async () => await passed("UpdateItem", {}, async () => {}),
    setDesiredCount: async (_, count) =>
      await passed("UpdateService", { count }, async () => {
        this.desired = count;
      }),
    desiredCount: async () => await passed("DescribeServices", {}, async () => this.desired),
    minTasks: async () => await passed("DescribeScalableTargets", {}, async () => 0),
    backlog: async () => await passed("GetQueueAttributes", {}, async () => this.#backlog()),
  };
}
