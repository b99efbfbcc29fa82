import { GROUP_ID } from "@autoscaling-job-queues/domain/group-id";
import { FILE_NAME, FILE_NAME_RULE, UPLOAD_ID } from "@autoscaling-job-queues/domain/job-files";
import { MAX_DELAY_SECONDS, MAX_FILES, MAX_TAGS, UPLOAD_NAMED_DAYS } from "@autoscaling-job-queues/domain/limits";

/** The body of `POST /jobs`, once it has met `ADD_JOB_BODY`. */
export interface AddJobBody {
  readonly type: string;
  readonly input: unknown;
  /** Uploads, by the names of the files. */
  readonly files?: Readonly<Record<string, string>>;
  readonly delaySeconds?: number;
  /** RFC 3339. */
  readonly runAt?: string;
  readonly groupId?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

export const MAX_TAG_KEY_CHARACTERS = 128;
export const MAX_TAG_VALUE_CHARACTERS = 256;
const TAG_VALUE = "^[^\\p{Cc}\\p{Cs}]*$";
/** Some JSON readers take a member of this name for the object's prototype. */
const TAG_KEY = "^(?!__proto__$)[^\\p{Cc}\\p{Cs}]*$";

/** JSON Schema of the body of `POST /jobs`. `x-message` says in words what a pattern asks for. */
export const ADD_JOB_BODY = {
  type: "object",
  additionalProperties: false,
  required: ["type", "input"],
  properties: {
    type: { type: "string", description: "The name of a job type, see GET /job-types." },
    input: {
      description:
        "What the job works on: any JSON that meets the input schema of its type. It is kept as the text that was sent, to the " +
        "last digit. A number that a double cannot hold (an integer past 2^53, say) is refused, except by types whose jobs are " +
        "commands; in a text it is safe everywhere.",
    },
    files: {
      type: "object",
      maxProperties: MAX_FILES,
      propertyNames: {
        type: "string",
        maxLength: FILE_NAME.maxLength,
        pattern: FILE_NAME.pattern.source,
        "x-message": `must have ${FILE_NAME_RULE}`,
      },
      additionalProperties: {
        type: "string",
        pattern: UPLOAD_ID.source,
        maxLength: 26,
        "x-message": "must be the `upload` of an answer of POST /uploads",
      },
      description:
        "Files that the job reads, as GET /job-types names them: for each the `upload` that POST /uploads answered the same caller with, " +
        `for this type and name, at most ${UPLOAD_NAMED_DAYS * 24} hours ago. One upload may be the file of several jobs.`,
    },
    delaySeconds: {
      type: "integer",
      minimum: 0,
      maximum: MAX_DELAY_SECONDS,
      default: 0,
      description: "How long the job is kept from the workers, in seconds, up to a year. Not together with `runAt`.",
    },
    runAt: {
      type: "string",
      format: "date-time",
      description:
        "No attempt starts before this time, with its distance from UTC, such as 2026-12-24T18:00:00+01:00: not in the past, and at most " +
        "a year ahead. A job that is due in more than a minute starts within about a minute of its time, and as soon as a worker is free. " +
        "Not together with `delaySeconds`.",
    },
    groupId: {
      type: "string",
      pattern: GROUP_ID.source,
      "x-message": "must have 1 to 128 ASCII letters, digits and punctuation characters",
      description:
        "The tenant: tenants with many jobs do not hold up those with few (SQS message group ID). By default the job's owner, or " +
        "`sha256:` and the owner's hash where the owner is not such an ID. A group is shared by all callers who name it.",
    },
    tags: {
      type: "object",
      maxProperties: MAX_TAGS,
      propertyNames: {
        type: "string",
        minLength: 1,
        maxLength: MAX_TAG_KEY_CHARACTERS,
        pattern: TAG_KEY,
        "x-message": "must have 1 to 128 characters, no control characters among them, and not be __proto__",
      },
      additionalProperties: {
        type: "string",
        maxLength: MAX_TAG_VALUE_CHARACTERS,
        pattern: TAG_VALUE,
        "x-message": "must be a string of at most 256 characters, no control characters among them",
      },
      description: "Labels of the caller's own; the job and its events carry them.",
    },
  },
} as const;
