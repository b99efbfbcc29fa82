import type { Answer } from "../../http/api-handler.ts";
import { jsonBody } from "../../http/body.ts";
import type { ApiRequest } from "../../http/event.ts";
import { hasNoBody } from "../../http/expected-request.ts";
import { requirePrincipal } from "../access.ts";
import { wrongShape } from "../read-typed-body.ts";
import { requestedJobType } from "../requested-job-type.ts";
import { type ChangeControlDependencies, changeControl } from "./change-control.ts";
import { type PauseBody, pauseBodyErrors } from "./pause-body.ts";

/** `POST /job-types/{name}/pause`. */
export function pauseJobType(dependencies: ChangeControlDependencies): Answer {
  return async (request) => {
    const by = requirePrincipal(request);
    const { reason } = readPause(request);
    const jobType = await requestedJobType(request, dependencies.registry);
    const told = reason === undefined ? {} : { reason };
    return await changeControl({ jobType, action: "pause", by, ...told }, dependencies);
  };
}

/** @throws Problem 400 or 413 */
function readPause(request: ApiRequest): PauseBody {
  if (hasNoBody(request)) return {};
  const { value } = jsonBody(request);
  const errors = pauseBodyErrors(value);
  if (errors.length > 0) throw wrongShape(errors);
  return value as PauseBody;
}
