import { batchIdForKey } from "@autoscaling-job-queues/domain/batch-id";
import type { RegistryEntry } from "@autoscaling-job-queues/domain/job-type-registry";
import { MAX_TAGS } from "@autoscaling-job-queues/domain/limits";
import type { ApiRequest } from "../../http/event.ts";
import { memberTexts } from "../../http/member-texts.ts";
import { type PathError, Problem, quote } from "../../http/problem.ts";
import { findJobType } from "../find-job-type.ts";
import { declarationErrors } from "../job-files.ts";
import { IDEMPOTENCY_KEY_HEADER, keyErrors, PATTERN_LIMIT_MS } from "../read-add-job.ts";
import { readTypedBody, type TypedBodyDependencies, unknownJobType, wrongShape } from "../read-typed-body.ts";
import { batchRequestHash } from "../request-hash.ts";
import { ADD_BATCH_BODY, type AddBatchBody, type AddBatchItem } from "./add-batch-body.ts";

/** A job of a batch that is asked for. */
export interface AskedItem extends Omit<AddBatchItem, "input"> {
  /** As it was sent. */
  readonly inputText: string;
}

/** A checked request to add a batch. */
export interface AddBatchRequest {
  readonly id: string;
  readonly jobType: RegistryEntry;
  readonly items: readonly AskedItem[];
  readonly onComplete?: { readonly jobType: RegistryEntry; readonly inputText: string };
  readonly tags?: AddBatchBody["tags"];
  readonly requestHash: string;
}

/**
 * Reads and checks a `POST /batches`, in the order of `readAddJob`: JSON, key and shape (400), the types (404), the inputs (422), the names
 * of the files (422). Nothing has happened yet when one item is refused.
 *
 * @param owner of the batch.
 * @throws Problem for the first check that fails, with every error that this check found.
 */
export async function readAddBatch(
  request: ApiRequest,
  owner: string,
  dependencies: TypedBodyDependencies,
): Promise<AddBatchRequest> {
  const { value, texts, unkept, shapeErrors, jobType } = await readTypedBody(request, ADD_BATCH_BODY, dependencies);
  const key = request.headers.get(IDEMPOTENCY_KEY_HEADER);
  const errors = [
    ...(key === undefined
      ? [{ path: "Idempotency-Key", message: "is required: a batch that was added in part goes on under it" }]
      : []),
    ...keyErrors(key),
    ...unkept.filter(({ path }) => !INPUT.test(path)),
    ...shapeErrors,
  ];
  if (errors.length > 0 || key === undefined) throw wrongShape(errors);
  const body = value as AddBatchBody;
  const wrong = [...tagErrors(body), ...onCompleteErrors(body)];
  if (wrong.length > 0) throw wrongShape(wrong);
  if (jobType === undefined) throw unknownJobType(body.type);
  const id = batchIdForKey(body.type, owner, key);
  const inputTexts = memberTexts(texts.get("items") ?? "", "input", 2);
  const onComplete = await readOnComplete(body, texts.get("onComplete"), dependencies);
  const inputErrors = [
    ...unkeptBy(jobType, unkept, ITEM_INPUT),
    ...(onComplete === undefined ? [] : unkeptBy(onComplete.jobType, unkept, ON_COMPLETE_INPUT)),
    ...(await checkInputs({ id, body, jobType, inputTexts, onComplete }, dependencies)),
  ];
  if (inputErrors.length > 0) {
    throw new Problem("InvalidInput", "inputs do not match the schema of their job type; no job was added", {
      errors: inputErrors,
    });
  }
  const fileErrors = [
    ...body.items.flatMap(({ files = {} }, number) => below(`/items/${number}`, declarationErrors(files, jobType))),
    ...(onComplete === undefined ? [] : below("/onComplete", declarationErrors({}, onComplete.jobType))),
  ];
  if (fileErrors.length > 0) {
    throw new Problem("InvalidFiles", `these are not the files of job type ${quote(body.type)}; no job was added`, {
      errors: fileErrors,
    });
  }
  return {
    id,
    jobType,
    items: body.items.map(({ input: _, ...item }, number) => ({ ...item, inputText: inputTexts[number] as string })),
    ...(onComplete === undefined ? {} : { onComplete }),
    ...(body.tags === undefined ? {} : { tags: body.tags }),
    requestHash: batchRequestHash(body, texts),
  };
}

/** Errors with their paths below another one. */
export function below(path: string, errors: readonly PathError[]): PathError[] {
  return errors.map((error) => ({ ...error, path: `${path}${error.path}` }));
}

const ITEM_INPUT = /^\/items\/\d+\/input(?:\/|$)/;
const ON_COMPLETE_INPUT = /^\/onComplete\/input(?:\/|$)/;
const INPUT = new RegExp(`${ITEM_INPUT.source}|${ON_COMPLETE_INPUT.source}`);

/** Numbers that cannot be kept. A command gets the text, whatever its numbers. */
function unkeptBy({ isolation }: RegistryEntry, unkept: readonly PathError[], at: RegExp): PathError[] {
  return isolation === "process" ? [] : unkept.filter(({ path }) => at.test(path));
}

function tagErrors({ items, tags = {} }: AddBatchBody): PathError[] {
  return items.flatMap((item, number) => {
    const count = Object.keys({ ...tags, ...item.tags }).length;
    if (count <= MAX_TAGS) return [];
    const message = `must have at most ${MAX_TAGS} members together with the batch's tags, not ${count}`;
    return [{ path: `/items/${number}/tags`, message }];
  });
}

function onCompleteErrors({ onComplete }: AddBatchBody): PathError[] {
  if (onComplete === undefined || !Object.hasOwn(onComplete.input, "batch")) return [];
  return [{ path: "/onComplete/input/batch", message: "must be absent: it gets the batch's ID and counts" }];
}

async function readOnComplete(
  { onComplete }: AddBatchBody,
  text: string | undefined,
  { registry }: TypedBodyDependencies,
): Promise<AddBatchRequest["onComplete"]> {
  if (onComplete === undefined) return undefined;
  const jobType = await findJobType(registry, onComplete.type);
  if (jobType === undefined) throw unknownJobType(onComplete.type);
  return { jobType, inputText: memberTexts(text ?? "", "input", 1)[0] as string };
}

/** What the caller did not write, so the schema of the type is what is wrong with it. */
const FOLLOWED = /^\/onComplete\/input\/batch(?:\/|$)/;

function cannotFollow({ name }: RegistryEntry): PathError {
  const message = `is added by the batch, and the input of job type ${quote(name)} does not take it; choose one whose input does`;
  return { path: "/onComplete/input/batch", message };
}

interface Inputs extends Pick<AddBatchRequest, "id" | "jobType"> {
  readonly body: AddBatchBody;
  readonly inputTexts: readonly string[];
  readonly onComplete: AddBatchRequest["onComplete"];
}

/** Checks the inputs, all those of the items within the time that a single job's may take. */
async function checkInputs(
  { id, body, jobType, inputTexts, onComplete }: Inputs,
  { validator }: TypedBodyDependencies,
): Promise<PathError[]> {
  const limit = { limitMs: PATTERN_LIMIT_MS };
  const values = body.items.map(({ input: value }, number) => {
    return { value, size: inputTexts[number]?.length ?? 0, at: `/items/${number}/input` };
  });
  const errors = await validator.checkAll(jobType.inputSchema, values, limit);
  if (onComplete === undefined || body.onComplete === undefined) return errors;
  const total = body.items.length;
  const input = { ...body.onComplete.input, batch: { id, total, succeeded: total, failed: 0, cancelled: 0 } };
  const settings = { size: onComplete.inputText.length, at: "/onComplete/input", ...limit };
  const found = await validator.check(onComplete.jobType.inputSchema, input, settings);
  return [...errors, ...found.map((error) => (FOLLOWED.test(error.path) ? cannotFollow(onComplete.jobType) : error))];
}
