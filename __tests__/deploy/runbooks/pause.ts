import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { jobTypeNames } from "../../../modules/names.ts";
import { blockWith } from "../../support/runbooks.ts";
import { deployedService } from "../deployed-service.ts";
import { differenceLines, JOB_TYPE_DIFFERENCES } from "../known-differences.ts";
import { SECOND_TYPE } from "../second-region.ts";
import type { RunbookPlatform } from "./runbook-platform.ts";

const ALL = { DynamicScalingInSuspended: true, DynamicScalingOutSuspended: true, ScheduledScalingSuspended: true };
const CHANGED = "update aws_cloudwatch_metric_alarm.alarms_no-worker alarm_description";
/** moto forgets the policy of a queue where its redrive policy is set anew, which known differences do. */
const LOST_POLICY = "create aws_sqs_queue_policy.queues_jobs-policy";

export function pause(on: () => RunbookPlatform): void {
  describe("pause and drain", () => {
    it("a type that is paused stays so through plans and applies, until it is resumed", async () => {
      const { second, shell, commandsOf, add, work, terraform, folder, differencesOf } = on();
      const commands = commandsOf("pause and drain");
      const switched = async () => await switchedBy(on());
      const { alarm } = jobTypeNames(second.environment, SECOND_TYPE);
      const paused = { desiredCount: 0, suspended: [ALL], silent: [alarm("no-worker"), alarm("oldest-message")] };
      // What moto answers otherwise than AWS, and nothing else.
      const known = await differencesOf(SECOND_TYPE);
      expect(differenceLines(JOB_TYPE_DIFFERENCES)).toEqual(expect.arrayContaining([...known]));
      // It wakes the service, and waits through the pause.
      const waiting = await add("waits");
      expect(await switched()).toMatchObject({ desiredCount: 1, silent: [] });
      await shell(blockWith(commands, "is being upgraded").replace(/^.*--watch.*$/gm, ""));
      expect(await switched()).toEqual(paused);

      // Another setting of an alarm, and nothing else: one that a pause has silenced, as Terraform then sends all that it has.
      const file = path.join(folder(SECOND_TYPE), "cdk.tf.json");
      const text = await readFile(file, "utf8");
      await writeFile(file, text.replaceAll("Messages of job type", "The messages of job type"));
      expect(await differencesOf(SECOND_TYPE)).toEqual([...known, CHANGED].sort());
      await terraform(SECOND_TYPE).applyPlan(folder(SECOND_TYPE));
      expect(await switched()).toEqual(paused);
      await writeFile(file, text);

      await shell(blockWith(commands, "jobs -- resume"));
      const resumed = await switched();
      expect(resumed).toMatchObject({ desiredCount: 1, silent: [] });
      expect(resumed.suspended.flatMap((state) => Object.values(state ?? {}))).not.toContain(true);
      const left = await differencesOf(SECOND_TYPE);
      expect([...known, CHANGED, LOST_POLICY]).toEqual(expect.arrayContaining([...left]));
      await terraform(SECOND_TYPE).applyPlan(folder(SECOND_TYPE));
      expect(await switched()).toEqual(resumed);
      await work(waiting);
    });
  });
}

/** What a pause switches, as AWS describes it. */
async function switchedBy({ platform: { aws, cluster }, second }: RunbookPlatform) {
  const { desiredCount } = await deployedService(aws, cluster, SECOND_TYPE);
  const { ScalableTargets } = (await aws.call("application-autoscaling", "AnyScaleFrontendService.DescribeScalableTargets", {
    ServiceNamespace: "ecs",
    ResourceIds: [`service/${cluster}/${SECOND_TYPE}`],
  })) as { readonly ScalableTargets: readonly { readonly SuspendedState?: Readonly<Record<string, boolean>> }[] };
  const { MetricAlarms } = (await aws.call("monitoring", "GraniteServiceVersion20100801.DescribeAlarms", {
    AlarmNamePrefix: `${second.environment.namePrefix}-${SECOND_TYPE}-`,
  })) as { readonly MetricAlarms: readonly { readonly AlarmName: string; readonly ActionsEnabled: boolean }[] };
  const silent = MetricAlarms.filter(({ ActionsEnabled }) => !ActionsEnabled).map(({ AlarmName }) => AlarmName);
  return { desiredCount, suspended: ScalableTargets.map(({ SuspendedState }) => SuspendedState), silent: silent.sort() };
}
