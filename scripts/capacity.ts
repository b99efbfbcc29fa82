import { readFile, writeFile } from "node:fs/promises";
import { findJobFolders } from "@autoscaling-job-queues/domain/find-job-folders";
import { loadJobTypes } from "../modules/load-job-types.ts";
import { capacityDocument } from "./capacity-document.ts";
import { costStacks } from "./cost-stacks.ts";
import { lambdaMebibytes } from "./costs-document.ts";

/**
 * `npm run capacity`: how many jobs a second each part takes, what to raise there, and what a million jobs cost, to docs/capacity.md. With
 * `--check` it writes nothing, and exits 1 when the file says something else.
 */

export const CAPACITY_DOCUMENT = "docs/capacity.md";

/** What the document is to say. @param handlersFolder the built Lambdas, for the Terraform that names their memory. */
export async function capacityText(handlersFolder: string): Promise<string> {
  const [first] = await loadJobTypes(await findJobFolders(["jobs"]), { canary: "full" });
  return capacityDocument(lambdaMebibytes(await costStacks(first === undefined ? [] : [first], handlersFolder)));
}

if (import.meta.main) {
  const content = await capacityText("dist/handlers");
  if (!process.argv.includes("--check")) await writeFile(CAPACITY_DOCUMENT, content);
  else if ((await readFile(CAPACITY_DOCUMENT, "utf8").catch(() => "")) !== content) {
    console.error(`${CAPACITY_DOCUMENT} says other figures than these; run: npm run capacity`);
    process.exitCode = 1;
  }
}
