import { FILE_NAME, FILE_NAME_RULE } from "@autoscaling-job-queues/domain/job-files";
import { MAX_UPLOAD_BYTES } from "@autoscaling-job-queues/domain/limits";
import { MAX_MEDIA_TYPE_CHARACTERS, SIGNED_MEDIA_TYPE } from "@autoscaling-job-queues/domain/media-type";

/** The body of `POST /uploads`, once it has met `CREATE_UPLOAD_BODY`. */
export interface CreateUploadBody {
  readonly type: string;
  readonly name: string;
  readonly bytes: number;
  readonly contentType?: string;
}

/** What a file has whose caller names no content type. */
export const DEFAULT_CONTENT_TYPE = "application/octet-stream";

/** JSON Schema of the body of `POST /uploads`. */
export const CREATE_UPLOAD_BODY = {
  type: "object",
  additionalProperties: false,
  required: ["type", "name", "bytes"],
  properties: {
    type: { type: "string", description: "The name of a job type, see GET /job-types." },
    name: {
      type: "string",
      maxLength: FILE_NAME.maxLength,
      pattern: FILE_NAME.pattern.source,
      "x-message": `must have ${FILE_NAME_RULE}`,
      description: "Which of the type's files it is, see `files` of GET /job-types.",
    },
    bytes: {
      type: "integer",
      minimum: 0,
      description: `The file's size, at most the type's \`maxBytes\` and never more than ${MAX_UPLOAD_BYTES}; the upload must have it exactly.`,
    },
    contentType: {
      type: "string",
      maxLength: MAX_MEDIA_TYPE_CHARACTERS,
      pattern: SIGNED_MEDIA_TYPE.source,
      "x-message": 'must be a media type such as text/csv or "text/plain; charset=utf-8", with single blanks at most',
      default: DEFAULT_CONTENT_TYPE,
      description: "One of the type's `contentTypes`, where it has any.",
    },
  },
} as const;
