import type { StoredFile } from "@autoscaling-job-queues/domain/job";
import { fileFaults, mayBeNamed } from "@autoscaling-job-queues/domain/job-files";
import type { RegistryEntry } from "@autoscaling-job-queues/domain/job-type-registry";
import { jsonPointer } from "@autoscaling-job-queues/domain/json-pointer";
import { UPLOAD_NAMED_DAYS } from "@autoscaling-job-queues/domain/limits";
import { payloadKeys } from "@autoscaling-job-queues/domain/payload";
import type { PayloadStore } from "@autoscaling-job-queues/domain/payload-store";
import { type PathError, Problem, quote } from "../http/problem.ts";

/** Uploads, by the names of the files. */
type NamedUploads = Readonly<Record<string, string>>;

/** What is wrong with the files of a request by the job type's declaration alone: names that it lacks, and files that it needs. */
export function declarationErrors(files: NamedUploads, { name, files: declared = {} }: RegistryEntry): PathError[] {
  const unknown = Object.keys(files).filter((file) => !Object.hasOwn(declared, file));
  const missing = Object.entries(declared).flatMap(([file, { required }]) =>
    required && !Object.hasOwn(files, file) ? [file] : [],
  );
  const taken = Object.keys(declared).join(", ") || "none";
  return [
    ...unknown.map((file) => ({ path: pathOf(file), message: `is not a file of job type ${quote(name)}, which takes ${taken}` })),
    ...missing.map((file) => ({ path: pathOf(file), message: "is required" })),
  ];
}

/**
 * Finds the uploads that a caller names as the files of a job. Their keys derive from the caller and the type, so that another's upload, or
 * one for another type, cannot be named; and what is stored with the job is the object that is there now.
 *
 * @throws Problem 422 with each file that is not uploaded, too old, or not as its declaration asks.
 */
export async function findFiles(
  files: NamedUploads,
  {
    jobType,
    owner,
    payloads,
    now,
  }: {
    readonly jobType: RegistryEntry;
    readonly owner: string;
    readonly payloads: Pick<PayloadStore, "findFile">;
    readonly now: number;
  },
): Promise<Readonly<Record<string, StoredFile>>> {
  const looks = await Promise.all(
    Object.entries(files).map(async ([name, upload]) => {
      if (!mayBeNamed(upload, now)) {
        return { name, errors: [`is an upload of more than ${UPLOAD_NAMED_DAYS * 24} hours ago: upload the file again`] };
      }
      const file = await payloads.findFile(payloadKeys.upload(jobType.name, owner, upload, name));
      if (file === undefined) {
        return {
          name,
          errors: [`${quote(upload)} is no upload of the caller's for this file, or nothing has been uploaded to it`],
        };
      }
      const declared = jobType.files?.[name];
      const faults = declared === undefined ? [] : fileFaults(declared, file);
      return { name, file, errors: faults.map(({ member, message }) => `${WORDS[member]} ${message}`) };
    }),
  );
  const errors = looks.flatMap(({ name, errors }) => errors.map((message) => ({ path: pathOf(name), message })));
  if (errors.length > 0) throw new Problem("InvalidFiles", "the job cannot have these files", { errors });
  return Object.fromEntries(looks.map(({ name, file }) => [name, file as StoredFile]));
}

const WORDS = { bytes: "its size in bytes", contentType: "its content type" } as const;

function pathOf(file: string): string {
  return jsonPointer(["files", file]);
}
