import type { DeepReadonly } from "@autoscaling-job-queues/domain/deep-readonly";
import type * as z from "zod";
import type { environmentSchema } from "./schema.ts";

/** What an environment states; everything else has a default. */
export type EnvironmentSettings = Omit<DeepReadonly<z.input<typeof environmentSchema>>, "namePrefix"> & {
  /** @default "jobs-" and the name */
  readonly namePrefix?: string;
};

/** Everything that differs between environments, complete and checked. */
export interface Environment extends DeepReadonly<z.output<typeof environmentSchema>> {}

export type Backend = Environment["backend"];
export type S3Backend = Extract<Backend, { readonly kind: "s3" }>;
export type Network = Environment["network"];
export type OwnNetwork = Exclude<Network, { readonly kind: "existing" }>;
export type FailureRate = Environment["alarms"]["failedJobs"];
