/** The body of `POST /job-types/{name}/pause`, once it has met `PAUSE_BODY`. */
export interface PauseBody {
  readonly reason?: string;
}

/** Characters that move a cursor or begin a line do not stand in a line that terminals and pages show. */
const ONE_LINE = "^[^\\p{Cc}\\p{Zl}\\p{Zp}]*$";

/** JSON Schema of the body of `POST /job-types/{name}/pause`. */
export const PAUSE_BODY = {
  type: "object",
  additionalProperties: false,
  properties: {
    reason: {
      type: "string",
      minLength: 1,
      maxLength: 500,
      pattern: ONE_LINE,
      "x-message": "must be one line, without control characters",
      description: "What the type is paused for, in one line. Everybody who may list job types reads it.",
    },
  },
} as const;
