import { fileFaults } from "@autoscaling-job-queues/domain/job-files";
import type { RegistryEntry } from "@autoscaling-job-queues/domain/job-type-registry";
import { LINK_SECONDS } from "@autoscaling-job-queues/domain/limits";
import { payloadKeys } from "@autoscaling-job-queues/domain/payload";
import type { Answer } from "../http/api-handler.ts";
import { type ApiRequest, jsonResponse } from "../http/event.ts";
import { Problem, quote } from "../http/problem.ts";
import { requirePrincipal } from "./access.ts";
import { CREATE_UPLOAD_BODY, type CreateUploadBody, DEFAULT_CONTENT_TYPE } from "./create-upload-body.ts";
import { readTypedBody, type TypedBodyDependencies, unknownJobType, wrongShape } from "./read-typed-body.ts";
import type { SignUpload } from "./upload-signer.ts";

export interface CreateUploadDependencies extends TypedBodyDependencies {
  readonly resultsBucket: string;
  readonly signUpload: SignUpload;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly newUpload: (now: number) => string;
}

/**
 * `POST /uploads`: a link that stores one file for a job that is still to be added. Nothing is kept of it: the key names caller, type and
 * file, and the link holds the size, the content type, and that no object of this key is there yet. So an object is written once, and is
 * never another one than the job that names it was added with.
 */
export function createUpload(dependencies: CreateUploadDependencies): Answer {
  const { resultsBucket: bucket, signUpload, now, newUpload } = dependencies;
  return async (request) => {
    const owner = requirePrincipal(request);
    const { type, name, bytes, contentType } = await readCreateUpload(request, dependencies);
    const at = now();
    const upload = newUpload(at);
    const { url, headers } = await signUpload({ bucket, key: payloadKeys.upload(type, owner, upload, name), bytes, contentType });
    const expiresAt = new Date(at + LINK_SECONDS * 1_000).toISOString();
    return jsonResponse(201, JSON.stringify({ upload, url, headers, expiresAt }));
  };
}

/** @throws Problem 400, 404 for the type, 409 where it is retired, 422 for the file's name or content type, 413 for its size. */
async function readCreateUpload(request: ApiRequest, dependencies: TypedBodyDependencies): Promise<Required<CreateUploadBody>> {
  const { value, unkept, shapeErrors, jobType } = await readTypedBody(request, CREATE_UPLOAD_BODY, dependencies);
  const errors = [...unkept, ...shapeErrors];
  if (errors.length > 0) throw wrongShape(errors);
  const { contentType = DEFAULT_CONTENT_TYPE, ...body } = value as CreateUploadBody;
  if (jobType === undefined) throw unknownJobType(body.type);
  if (jobType.retired === true) {
    throw new Problem("JobTypeRetired", `job type ${jobType.name} is retired, and takes no more jobs`);
  }
  checkFile(jobType, { ...body, contentType });
  return { ...body, contentType };
}

function checkFile({ name: type, files = {} }: RegistryEntry, { name, ...file }: Required<CreateUploadBody>): void {
  const declared = Object.hasOwn(files, name) ? files[name] : undefined;
  if (declared === undefined) {
    const message = `is not a file of job type ${quote(type)}, which takes ${Object.keys(files).join(", ") || "none"}`;
    throw new Problem("InvalidFiles", "there is no such file", { errors: [{ path: "/name", message }] });
  }
  const faults = fileFaults(declared, file).map(({ member, message }) => ({ path: `/${member}`, message }));
  const tooLarge = faults.filter(({ path }) => path === "/bytes");
  if (tooLarge.length > 0) throw new Problem("FileTooLarge", `the file ${name} would be too large`, { errors: tooLarge });
  if (faults.length > 0) throw new Problem("InvalidFiles", `the file ${name} is not as its job type asks`, { errors: faults });
}
