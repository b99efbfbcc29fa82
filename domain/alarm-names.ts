import type { WakeTarget } from "./job-type-registry.ts";

/**
 * The alarms of a type that page nobody while it is paused: that its jobs wait is what was asked for. The control Lambda switches
 * their actions, so what Terraform sets of them is the beginning only.
 */
export const PAUSABLE_ALARMS = ["no-worker", "oldest-message"] as const;

/** @param prefix of the environment's names. */
export function alarmName(prefix: string, jobType: string, alarm: string): string {
  return `${prefix}-${jobType}-${alarm}`;
}

/** The alarms that a pause silences, by what scales: the cluster has the prefix for its name, and the service is named by its type. */
export function pausableAlarms({ cluster, service }: Pick<WakeTarget, "cluster" | "service">): string[] {
  return PAUSABLE_ALARMS.map((alarm) => alarmName(cluster, service, alarm));
}
