import * as z from "zod";
import { textLike } from "./setting-schemas.ts";

/** The tag of everything, with the environment's name. */
export const ENVIRONMENT_TAG = "environment";
/** The tag of everything that belongs to one job type; its tasks have it from their service, and policies tell them apart by it. */
export const JOB_TYPE_TAG = "job-type";

export type Tags = Readonly<Record<string, string>>;

/** To IAM, keys that differ in the case of letters are one, and a role with both is refused (IAM: tagging, "case sensitivity"). */
const plain = (key: string): string => key.toLowerCase();

/**
 * Tags of resources, as every service takes them (AWS: tag naming limits), but for those that the platform gives. A resource has at most
 * 50, of which some are ours.
 */
export const tags = z
  .record(
    textLike(
      /^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/iu,
      "a key of 1 to 128 letters, digits, spaces and _ . : / = + - @, not starting with aws: (AWS tags)",
    ).refine(
      (key) => ![ENVIRONMENT_TAG, JOB_TYPE_TAG].includes(plain(key)),
      `any tag but ${ENVIRONMENT_TAG} and ${JOB_TYPE_TAG}, which every resource has, in whatever case of letters (IAM tags)`,
    ),
    textLike(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,256}$/u, "1 to 256 letters, digits, spaces and _ . : / = + - @ (AWS tags)"),
    "tags by their keys",
  )
  .refine((all) => Object.keys(all).length <= 20, "at most 20 tags")
  .refine(
    (all) => new Set(Object.keys(all).map(plain)).size === Object.keys(all).length,
    "keys that differ in more than the case of letters (IAM tags)",
  );

/** Tags, with others in place of those of the same keys. */
export function withTags(base: Tags, others: Tags): Tags {
  const replaced = new Set(Object.keys(others).map(plain));
  return { ...Object.fromEntries(Object.entries(base).filter(([key]) => !replaced.has(plain(key)))), ...others };
}
