import { describe, expect, it } from "vitest";
import { ENVIRONMENT_TAG, JOB_TYPE_TAG } from "../../../domain/tags.ts";
import { PLATFORM_STACK } from "../../../modules/platform-outputs.ts";
import { blockWith } from "../../support/runbooks.ts";
import { JOB_TYPE_DIFFERENCES } from "../known-differences.ts";
import { SECOND_TYPE } from "../second-region.ts";
import type { RunbookPlatform } from "./runbook-platform.ts";

export function costs(on: () => RunbookPlatform): void {
  describe("what this month costs, by type", () => {
    it.each([PLATFORM_STACK, SECOND_TYPE])(
      "every resource of %s that takes tags has those that costs are grouped by",
      async (stack) => {
        const { terraform, folder, second } = on();
        const instances = await terraform(stack).attributes(folder(stack));
        const untold = JOB_TYPE_DIFFERENCES.filter(({ attribute }) => attribute === "tags_all").map(({ address }) => address);
        const tagged = instances.filter(({ address, attributes }) => "tags_all" in attributes && !untold.includes(address));
        const expected = {
          [ENVIRONMENT_TAG]: second.environment.name,
          ...(stack === PLATFORM_STACK ? {} : { [JOB_TYPE_TAG]: stack }),
        };
        expect(tagged.length).toBeGreaterThan(8);
        for (const { address, attributes } of tagged) expect(attributes.tags_all, address).toMatchObject(expected);
      },
    );

    it("costs are asked for by type, and what drives them", async () => {
      const { shell, commandsOf, second } = on();
      const groups = ["job-type$", `job-type$${SECOND_TYPE}`].map((tag) => ({
        Keys: [tag, "Amazon Elastic Container Service"],
        Metrics: { UnblendedCost: { Amount: "1.5", Unit: "USD" } },
      }));
      const answer = { ResultsByTime: [{ Groups: groups }], DimensionValueAttributes: [] };
      const prepare = `${second.deployment.endpoint}/moto-api/static/ce/cost-and-usage-results`;
      await fetch(prepare, { method: "POST", body: JSON.stringify({ results: [answer] }) });
      const commands = commandsOf("what this month costs, by type");
      const printed = await shell(blockWith(commands, "get-cost-and-usage"));
      expect(printed.split("\n")[1]).toBe(`job-type$${SECOND_TYPE}\tAmazon Elastic Container Service\t1.5`);
      expect(Number(await shell(blockWith(commands, "get-metric-statistics")))).toBe(0);
    });
  });
}
