import type { ApiResponse } from "../../../handlers/http/event.ts";
import { Validator } from "../../../handlers/http/validator.ts";
import type { WorldSettings } from "./api-world.ts";
import type { Description } from "./description.ts";

function withBody(answer: ApiResponse, members: object): ApiResponse {
  return { ...answer, body: JSON.stringify({ ...JSON.parse(answer.body), ...members }) };
}

/** The description without one of the statuses of adding a job. */
function without(status: number, { paths, ...rest }: Description): Description {
  const add = paths["/jobs"]?.post;
  if (add === undefined) throw new Error("nobody can add a job");
  const responses = Object.fromEntries(Object.entries(add.responses).filter(([described]) => described !== String(status)));
  return { ...rest, paths: { ...paths, "/jobs": { ...paths["/jobs"], post: { ...add, responses } } } };
}

/** Takes any input for what its type's schema asks. */
class LenientValidator extends Validator {
  override async check(...[schema, value, options]: Parameters<Validator["check"]>): ReturnType<Validator["check"]> {
    return options.at === "/input" ? [] : await super.check(schema, value, options);
  }
}

/** APIs and descriptions with one thing wrong, and what must be said of it. */
export const WRONG_APIS: readonly [what: string, settings: WorldSettings, found: RegExp][] = [
  [
    "a status that is not described",
    {
      tamper: (answer, operation) =>
        operation === "getJob" && answer.statusCode === 404 ? { ...answer, statusCode: 410 } : answer,
    },
    /getJob describes no 410/,
  ],
  [
    "a message that tells of the inside",
    { tamper: (answer) => (answer.statusCode === 400 ? withBody(answer, { detail: new TypeError("no").stack }) : answer) },
    /it tells of "/,
  ],
  ["a status missing from the description", { describe: (description) => without(422, description) }, /addJob describes no 422/],
  [
    "a member that nobody described",
    {
      tamper: (answer, operation) =>
        operation === "addJob" && answer.statusCode === 202 ? withBody(answer, { secret: 1 }) : answer,
    },
    /must NOT have additional properties/,
  ],
  [
    "a missing header",
    { tamper: ({ headers: { "cache-control": _, ...headers }, ...answer }) => ({ ...answer, headers }) },
    /the header cache-control is missing/,
  ],
  ["a handler that takes any input", { parts: { validator: new LenientValidator() } }, /it was answered 202, not 422/],
  [
    "a handler that shows everybody all jobs",
    { parts: { access: "account" } },
    /it was answered 20\d, not 404|it shows a job of/,
  ],
];
