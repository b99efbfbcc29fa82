/** What the name of a job type looks like: it names AWS resources, and begins the IDs of its jobs. */
export const JOB_TYPE_NAME = { pattern: /^[a-z](?:-?[a-z0-9])*$/, maxLength: 32 } as const;

/** The rule in words. */
export const JOB_TYPE_NAME_RULE = "1 to 32 lower-case letters, digits and single hyphens, a letter first, no hyphen last";

export function isJobTypeName(text: string): boolean {
  return text.length <= JOB_TYPE_NAME.maxLength && JOB_TYPE_NAME.pattern.test(text);
}
