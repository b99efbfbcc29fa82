import { describe, expect, it } from "vitest";
import { jobIdForKey } from "../../../domain/job-id.ts";
import { SECOND_TYPE } from "../second-region.ts";
import type { RunbookPlatform } from "./runbook-platform.ts";

export function lostRegion(on: () => RunbookPlatform): void {
  describe("a lost region", () => {
    it("another one does jobs, in tables and queues of its own", async () => {
      const { work, add, shell, names, second } = on();
      const [job] = await work(await add("to be or not to be"));
      expect(job).toMatchObject({ result: { words: 6 } });
      const table = await shell(
        `aws dynamodb describe-table --table-name ${names.jobsTable} --query Table.TableArn --output text`,
      );
      expect(table).toBe(`arn:aws:dynamodb:us-west-2:${second.environment.accountId}:table/${names.jobsTable}\n`);
    });

    it("a job that its caller adds again under its key has the ID that it had", async () => {
      const { work, platform } = on();
      const headers = { "idempotency-key": "order-17" };
      const body = { type: SECOND_TYPE, input: { text: "again" } };
      const { body: job } = await platform.lambdas.request("addJob", { headers, body });
      // Neither the caller nor the ID knows a region.
      expect(job.owner).not.toContain("us-west-2");
      expect(job.id).toBe(jobIdForKey(SECOND_TYPE, job.owner, "order-17"));
      await work(job.id);
    });
  });
}
