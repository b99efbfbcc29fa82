import type { RegistryEntry } from "@autoscaling-job-queues/domain/job-type-registry";
import type { ApiRequest } from "../http/event.ts";
import { type PathError, Problem, quote } from "../http/problem.ts";
import { ADD_JOB_BODY, type AddJobBody } from "./add-job-body.ts";
import { timeErrors } from "./due-time.ts";
import { declarationErrors } from "./job-files.ts";
import { readTypedBody, type TypedBodyDependencies, unknownJobType, wrongShape } from "./read-typed-body.ts";

export const IDEMPOTENCY_KEY_HEADER = "idempotency-key";
export const IDEMPOTENCY_KEY = /^[ -~]{1,256}$/;

/** Far more than the patterns that a deployment allowed take for the largest body; past it the caller is told. */
export const PATTERN_LIMIT_MS = 2_000;

interface AddJobBodyDependencies extends TypedBodyDependencies {
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** A checked request to add a job. */
export interface AddJobRequest {
  readonly body: AddJobBody;
  /** The input as it was sent. */
  readonly inputText: string;
  readonly jobType: RegistryEntry;
  readonly idempotencyKey: string | undefined;
}

/**
 * Reads and checks a `POST /jobs`, in this order: JSON (400, 413), the key and the shape of the body (400), the type
 * (404), the input against the type's schema (422), the names of the files against its declaration (422).
 *
 * @throws Problem for the first check that fails, with every error that this check found.
 */
export async function readAddJob(request: ApiRequest, dependencies: AddJobBodyDependencies): Promise<AddJobRequest> {
  const { value: body, texts, unkept, size, shapeErrors, jobType } = await readTypedBody(request, ADD_JOB_BODY, dependencies);
  const idempotencyKey = request.headers.get(IDEMPOTENCY_KEY_HEADER);
  const errors = [
    ...keyErrors(idempotencyKey),
    ...unkept.filter((number) => !isInput(number)),
    ...shapeErrors,
    // Under a key, the job may have been added when its time was still to come.
    ...timeErrors(body as Partial<AddJobBody> | null, idempotencyKey === undefined ? dependencies.now() : undefined),
  ];
  if (errors.length > 0) throw wrongShape(errors);
  const { type, input, files = {} } = body as AddJobBody;
  if (jobType === undefined) throw unknownJobType(type);
  const inputErrors = [
    // A command gets the text, whatever its numbers.
    ...(jobType.isolation === "process" ? [] : unkept.filter(isInput)),
    ...(await dependencies.validator.check(jobType.inputSchema, input, { size, at: "/input", limitMs: PATTERN_LIMIT_MS })),
  ];
  if (inputErrors.length > 0) {
    throw new Problem("InvalidInput", `the input does not match the schema of job type ${quote(type)}`, { errors: inputErrors });
  }
  const fileErrors = declarationErrors(files, jobType);
  if (fileErrors.length > 0) {
    throw new Problem("InvalidFiles", `these are not the files of job type ${quote(type)}`, { errors: fileErrors });
  }
  return {
    body: body as AddJobBody,
    inputText: texts.get("input") as string,
    jobType,
    idempotencyKey,
  };
}

/** Whether an error is about the input, which its job type judges, and not about the rest of the body. */
function isInput({ path }: PathError): boolean {
  return path === "/input" || path.startsWith("/input/");
}

/** What is wrong with a key, where there is one. */
export function keyErrors(key: string | undefined): PathError[] {
  if (key === undefined || IDEMPOTENCY_KEY.test(key)) return [];
  return [{ path: "Idempotency-Key", message: "must have 1 to 256 printable ASCII characters" }];
}
