import { readFile, writeFile } from "node:fs/promises";
import { findJobFolders } from "@autoscaling-job-queues/domain/find-job-folders";
import type { JobType } from "@autoscaling-job-queues/domain/job-type";
import { loadJobTypes } from "../modules/load-job-types.ts";
import { costStacks } from "./cost-stacks.ts";
import { costsDocument, idleJobType, idleTable } from "./costs-document.ts";
import { withSection } from "./marked-section.ts";

/**
 * `npm run costs`: what the system costs, counted in the Terraform that synth writes, to docs/costs.md, and the short table of it
 * to the README. With `--check` it writes nothing, and exits 1 when one of them says something else.
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
  const documents = await costDocuments(await loadJobTypes(await findJobFolders(["jobs"]), { canary: "full" }), "dist/handlers");
  for (const [file, content] of Object.entries(documents)) {
    if (!process.argv.includes("--check")) await writeFile(file, content);
    else if ((await readFile(file, "utf8").catch(() => "")) !== content) {
      console.error(`${file} says other costs than the Terraform; run: npm run costs`);
      process.exitCode = 1;
    }
  }
}
