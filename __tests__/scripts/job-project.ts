import { mkdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { LAMBDAS } from "../../domain/routes.ts";
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

/** The programs of the platform that a build bundles. What they do is no matter here, and bundling the SDK takes seconds. */
const PROGRAMS = [
  ...LAMBDAS.map((name) => `handlers/${name}.ts`),
  ...["main", "leases/lease-thread", "runners/threads/job-thread"].map((name) => `worker/${name}.ts`),
];

/** A checkout of its own with one job type, `jobs/report`, of these files, and programs that do nothing. */
export async function jobProject(files: Readonly<Record<string, string>>): Promise<string> {
  const project = await temporaryFolder("job-project");
  for (const shared of ["node_modules", "package-lock.json"]) await symlink(path.resolve(shared), path.join(project, shared));
  const write = async (file: string, content: string): Promise<void> => {
    const full = path.join(project, file);
    await mkdir(path.dirname(full), { recursive: true });
    await writeFile(full, content);
  };
  for (const program of PROGRAMS) await write(program, "");
  await symlink(path.resolve("worker/Dockerfile"), path.join(project, "worker/Dockerfile"));
  for (const [file, content] of Object.entries(files)) await write(path.join("jobs", "report", file), content);
  return project;
}
