import { findJobFolders } from "@autoscaling-job-queues/domain/find-job-folders";
import { loadJobTypes } from "../modules/load-job-types.ts";
import { capacityDocument } from "./capacity-document.ts";
import { costStacks } from "./cost-stacks.ts";
import { lambdaMebibytes } from "./costs-document.ts";
import { writeDocuments } from "./write-documents.ts";

/**
 * `npm run capacity`: how many jobs a second each part takes, what to raise there, and what a million jobs cost, to docs/capacity.md
 * (`write-documents.ts` has its `--check`).
 */

export const CAPACITY_DOCUMENT = "docs/capacity.md";

/** What the document is to say. @param handlersFolder the built Lambdas, for the Terraform that names their memory. */
export async function capacityText(handlersFolder: string): Promise<string> {
  const [first] = await loadJobTypes(await findJobFolders(["jobs"]), { canary: "full" });
  return capacityDocument(lambdaMebibytes(await costStacks(first === undefined ? [] : [first], handlersFolder)));
}

if (import.meta.main) {
  process.exitCode = await writeDocuments("npm run capacity", async () => ({
    [CAPACITY_DOCUMENT]: await capacityText("dist/handlers"),
  }));
}
