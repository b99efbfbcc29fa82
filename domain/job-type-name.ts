/** What the name of a job type may be: it names AWS resources, and begins the IDs of its jobs. */
export const JOB_TYPE_NAME = /^[a-z](?:[a-z0-9]|-(?=[a-z0-9])){0,31}$/;

/** The rule in words. */
export const JOB_TYPE_NAME_RULE = "1 to 32 lower-case letters, digits and single hyphens, a letter first, no hyphen last";
