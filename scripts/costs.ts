import { readFile } from "node:fs/promises";
import { findJobFolders } from "@autoscaling-job-queues/domain/find-job-folders";
import type { JobType } from "@autoscaling-job-queues/domain/job-type";
import { loadJobTypes } from "../modules/load-job-types.ts";
import { costStacks } from "./cost-stacks.ts";
import { costsDocument, idleJobType, idleTable } from "./costs-document.ts";
import { withSection } from "./marked-section.ts";
import { writeDocuments } from "./write-documents.ts";

/**
 * `npm run costs`: what the system costs, counted in the Terraform that synth writes, to docs/costs.md, and the short table of it
 * to the README (`write-documents.ts` has its `--check`).
 */

export const COSTS_DOCUMENT = "docs/costs.md";
export const README = "README.md";

/** What the documents are to say, by file. The README keeps all but its table. */
export async function costDocuments(
  jobTypes: readonly JobType[],
  handlersFolder: string,
): Promise<Readonly<Record<typeof COSTS_DOCUMENT | typeof README, string>>> {
  const stacks = await costStacks(jobTypes, handlersFolder);
  const table = `${idleTable(stacks)}\n\nEach job type adds at most ${idleJobType(stacks)}.`;
  return {
    [COSTS_DOCUMENT]: costsDocument(stacks),
    [README]: withSection(README, "costs", await readFile(README, "utf8"), table),
  };
}

if (import.meta.main) {
  process.exitCode = await writeDocuments("npm run costs", async () =>
    costDocuments(await loadJobTypes(await findJobFolders(["jobs"]), { canary: "full" }), "dist/handlers"),
  );
}
