import type { AlarmSettings, FailureRate } from "../modules/environment.ts";
import { type Check, isWhole } from "./checks.ts";

/** CloudWatch: an alarm's periods together are at most a day (PutMetricAlarm). */
const DAY_MINUTES = 1_440;

/** The rules of the alarms' thresholds. */
export function alarmChecks({ noWorkerMinutes, failedJobs, apiErrors, lambdaErrors }: AlarmSettings): Check[] {
  return [
    isWhole("alarms.noWorkerMinutes", noWorkerMinutes, 5, DAY_MINUTES, "a task's start takes minutes, and an alarm covers a day"),
    ...rateChecks("alarms.failedJobs", failedJobs),
    ...rateChecks("alarms.apiErrors", apiErrors),
    isWhole("alarms.lambdaErrors", lambdaErrors, 1, 1_000_000, "errors of one Lambda in five minutes"),
  ];
}

function rateChecks(setting: string, { percent, minimum, minutes }: FailureRate): Check[] {
  return [
    isWhole(`${setting}.percent`, percent, 1, 100, "a share"),
    isWhole(`${setting}.minimum`, minimum, 1, 1_000_000, "failures"),
    isWhole(`${setting}.minutes`, minutes, 1, DAY_MINUTES, "an alarm covers at most a day"),
  ];
}
