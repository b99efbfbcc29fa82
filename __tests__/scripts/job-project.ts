import { mkdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { temporaryFolder } from "../support/temporary-folder.ts";

/** Files of a job type of one thread that builds, by their names in its folder. */
export const REPORT_FOLDER: Readonly<Record<string, string>> = {
  "job-type.ts": jobTypeSource(""),
  "job.ts": jobSource("defineJob(reportJob, () => 1)"),
  "package.json": '{ "type": "module", "dependencies": { "pdfkit": "1.0.0" } }\n',
};

/** The source of a `job.ts` that exports this. */
export function jobSource(exported: string): string {
  return `import { defineJob } from "@autoscaling-job-queues/worker/define-job";
import reportJob from "./job-type.ts";

export default ${exported};
`;
}

/** The source of a `job-type.ts`, with these settings besides or instead of the usual ones. */
export function jobTypeSource(settings: string): string {
  return `import { defineJobType } from "@autoscaling-job-queues/domain/job-type";
import * as z from "zod";

export default defineJobType({
  ...{ name: "report", description: "Renders a report", input: z.object({ month: z.string() }), timeoutSeconds: 60 },
  ${settings}
} as never);
`;
}

/** A checkout of its own with one job type, `jobs/report`, of these files; the rest of it is this checkout's. */
export async function jobProject(files: Readonly<Record<string, string>>): Promise<string> {
  const project = await temporaryFolder("job-project");
  for (const shared of ["node_modules", "handlers", "worker", "package-lock.json"]) {
    await symlink(path.resolve(shared), path.join(project, shared));
  }
  for (const [file, content] of Object.entries(files)) {
    const full = path.join(project, "jobs", "report", file);
    await mkdir(path.dirname(full), { recursive: true });
    await writeFile(full, content);
  }
  return project;
}
