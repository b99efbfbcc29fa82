import { defineJobType } from "@autoscaling-job-queues/domain/job-type";
import * as z from "zod";
import { defineEnvironment } from "../environments/define-environment.ts";
import { synthesize } from "../modules/synthesize.ts";
import type { SynthReading } from "./synth.ts";

/** Synthesizes as many generated job types as the first argument says, to the folder of the second, and prints its reading. */

const environment = defineEnvironment({
  name: "bench",
  accountId: "111122223333",
  region: "us-east-1",
  backend: { kind: "s3", bucket: "terraform-state", region: "us-east-1", lockfile: true },
  network: { kind: "private-with-endpoints", cidr: "10.0.0.0/16", zones: ["us-east-1a", "us-east-1b"] },
  fargate: { weight: 1, spotWeight: 1, maxVcpus: 100_000 },
});

/** A type with as many steps as a policy may have. */
function jobTypeOf(index: number) {
  return defineJobType({
    name: `type-${index}`,
    description: `Job type ${index}`,
    input: z.strictObject({ title: z.string().max(200), rows: z.array(z.record(z.string(), z.number())).max(1_000) }),
    timeoutSeconds: 60,
    scaling: { maxTasks: 20 },
  });
}

const [types = "", outputFolder = ""] = process.argv.slice(2);
const jobTypes = Array.from({ length: Number(types) }, (_, index) => jobTypeOf(index));
const imageTags = Object.fromEntries(jobTypes.map(({ name }) => [name, "0123456789abcdef"]));
await synthesize({ environment, jobTypes, imageTags, handlersFolder: "dist/handlers", outputFolder });

const { user, system } = process.cpuUsage();
const reading: SynthReading = {
  types: jobTypes.length,
  wallMs: performance.now(),
  cpuMs: (user + system) / 1_000,
  maxRssBytes: process.resourceUsage().maxRSS * 1_024,
};
console.log(JSON.stringify(reading));
