import { PurgeQueueCommand } from "@aws-sdk/client-sqs";
import { DeleteCommand } from "@aws-sdk/lib-dynamodb";
import { describe, expect, it } from "vitest";
import { PLATFORM_STACK } from "../../../modules/platform-outputs.ts";
import { blockWith } from "../../support/runbooks.ts";
import { differenceLines, PLATFORM_DIFFERENCES } from "../known-differences.ts";
import { type Plan, plannedDifferences } from "../plan-differences.ts";
import { SECOND_TYPE } from "../second-region.ts";
import type { RunbookPlatform } from "./runbook-platform.ts";

/** The name of the plan's file in the runbook. */
const PLAN_FILE = "plan";

export function restore(on: () => RunbookPlatform): void {
  describe("restore the table to a point in time", () => {
    const commands = () => on().commandsOf("restore the table to a point in time");

    it("puts back a job that has ended since and was deleted, and it runs", async () => {
      const { add, work, shell, platform, names } = on();
      const [lost, kept] = [await add("lost"), await add("kept")];
      // moto has no past: the table is restored before the damage, as it is then.
      await shell(blockWith(commands(), "restore-date-time"));
      await work(lost, kept);
      await platform.aws.clients.dynamoDb.send(new DeleteCommand({ TableName: names.jobsTable, Key: { id: lost } }));
      await shell(blockWith(commands(), "jobs -- pause"));
      const printed = await shell(blockWith(commands(), "--dry-run"));
      expect(printed).toContain("1 would be put back");
      expect(printed).toContain("1 were put back, 0 were replaced");
      await shell(blockWith(commands(), "jobs -- resume"));
      const [job] = await work(lost);
      expect(job.version).toBeGreaterThan(1_000);
    });

    it("puts the table back under its name where it is gone, and Terraform mends it in place", async () => {
      const { add, work, shell, platform, names, terraform, folder, differencesOf } = on();
      const waiting = await add("waiting");
      // What AWS makes of a table that is deleted.
      const backup = `--table-name ${names.jobsTable} --backup-name '${names.jobsTable}$DeletedTableBackup'`;
      await shell(`aws dynamodb create-backup ${backup}; aws dynamodb delete-table --table-name ${names.jobsTable}`);
      await platform.aws.clients.sqs.send(new PurgeQueueCommand({ QueueUrl: platform.jobType(SECOND_TYPE).queueUrl }));
      const [beforeApply = "", apply = ""] = blockWith(commands(), "list-backups").split(/^(?=.*apply plan$)/m);
      await shell(beforeApply);
      // The runbook's own plan.
      const planned = plannedDifferences((await terraform(PLATFORM_STACK).shown(folder(PLATFORM_STACK), PLAN_FILE)) as Plan);
      const known = differenceLines(PLATFORM_DIFFERENCES);
      expect(planned).toEqual(expect.arrayContaining(known));
      const more = planned.filter((line) => !known.includes(line));
      expect(more.length).toBeGreaterThan(0);
      for (const line of more) expect(line).toMatch(/^update aws_dynamodb_table.jobs_table /);
      expect(await shell(apply)).toMatch(/: [1-9]\d* messages were sent/);
      await work(waiting);
      // moto restores a table without its key, and UpdateTable does not give it one.
      expect(await differencesOf(PLATFORM_STACK)).toEqual([
        "update aws_dynamodb_table.jobs_table server_side_encryption",
        ...known,
      ]);
    });
  });
}
