import type { components } from "./openapi.ts";

export type JobTypeDescription = components["schemas"]["JobType"];

export interface OpenApiDescription {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, unknown>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

/** Why a job is where it is: see `JobsClient.why`. */
export type Why = components["schemas"]["Why"];

/** How the jobs of a type fare now: see `JobsClient.status`. */
export type JobTypeStatus = components["schemas"]["JobTypeStatus"];

export type Batch = components["schemas"]["Batch"];

/** A batch, or its ID. */
export type BatchOrId = Batch | string;
