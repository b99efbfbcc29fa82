import { describe, expect, it } from "vitest";
import { blockWith } from "../../support/runbooks.ts";
import { deployedContainer, deployedService } from "../deployed-service.ts";
import { SECOND_TYPE } from "../second-region.ts";
import type { RunbookPlatform } from "./runbook-platform.ts";

/** That a plan is empty afterwards is seen by the next runbook's first one. */
export function afterADeploy(on: () => RunbookPlatform): void {
  describe("jobs fail after a deploy", () => {
    it("the image before is found, and runs again after an apply with its tag", async () => {
      const { platform, shell, commandsOf, names } = on();
      const commands = commandsOf("jobs fail after a deploy");
      const imageTag = async () => {
        const { image } = await deployedContainer(
          platform.aws,
          await deployedService(platform.aws, platform.cluster, SECOND_TYPE),
        );
        return image.slice(image.lastIndexOf(":") + 1);
      };
      const before = await imageTag();
      const goTo = async (tag: string) => await shell(blockWith(commands, "image_tag=").replace("0123456789abcdef", tag));
      await goTo("feedfacefeedface");
      expect(await imageTag()).toBe("feedfacefeedface");
      const revisions = await shell(blockWith(commands, "list-task-definitions"));
      expect(revisions.split("\n").filter((line) => line.endsWith(`:${before}`))).toHaveLength(1);
      await goTo(before);
      expect(await imageTag()).toBe(before);
      expect(await shell(blockWith(commands, "describe-services"))).toContain(`task-definition/${names.cluster}-${SECOND_TYPE}:`);
    });
  });
}
