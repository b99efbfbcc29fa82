import type { JobTypeRegistry, RegistryEntry } from "@autoscaling-job-queues/domain/job-type-registry";
import type { JsonSchema } from "@autoscaling-job-queues/domain/json-schema";
import { type JsonBody, jsonBody } from "../http/body.ts";
import type { ApiRequest } from "../http/event.ts";
import { type PathError, Problem, quote } from "../http/problem.ts";
import type { Validator } from "../http/validator.ts";
import { findJobType } from "./find-job-type.ts";

export interface TypedBodyDependencies {
  readonly registry: Pick<JobTypeRegistry, "get">;
  readonly validator: Validator;
}

/** A body that names a job type. */
export interface TypedBody extends JsonBody {
  /** Characters of its JSON. */
  readonly size: number;
  /** What the schema has against it. */
  readonly shapeErrors: readonly PathError[];
  /** The type that it names; undefined where there is none. */
  readonly jobType: RegistryEntry | undefined;
}

/** Reads a body with a member `type`. @throws Problem 400 or 413 where it is not JSON, or too large. */
export async function readTypedBody(
  request: ApiRequest,
  schema: JsonSchema,
  { registry, validator }: TypedBodyDependencies,
): Promise<TypedBody> {
  const body = jsonBody(request);
  const size = request.body.body?.length ?? 0;
  // While the entry is on its way from DynamoDB, the validator loads and checks the shape.
  const [shapeErrors, jobType] = await Promise.all([
    validator.check(schema, body.value, { size }),
    findJobType(registry, (body.value as { readonly type?: unknown } | null)?.type),
  ]);
  return { ...body, size, shapeErrors, jobType };
}

export function unknownJobType(type: string): Problem {
  return new Problem("UnknownJobType", `there is no job type ${quote(type)}; GET /job-types lists those there are`);
}

export function wrongShape(errors: readonly PathError[]): Problem {
  return new Problem("InvalidRequest", "the request has the wrong shape", { errors });
}
