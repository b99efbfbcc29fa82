import type { Answer } from "../../http/api-handler.ts";
import { jsonBody } from "../../http/body.ts";
import type { ApiRequest } from "../../http/event.ts";
import { hasNoBody } from "../../http/expected-request.ts";
import type { Validator } from "../../http/validator.ts";
import { requirePrincipal } from "../access.ts";
import { wrongShape } from "../read-typed-body.ts";
import { type ChangeControlDependencies, changeControl, requestedJobType } from "./change-control.ts";
import { PAUSE_BODY, type PauseBody } from "./pause-body.ts";

export interface PauseJobTypeDependencies extends ChangeControlDependencies {
  readonly validator: Validator;
}

/** `POST /job-types/{name}/pause`. */
export function pauseJobType(dependencies: PauseJobTypeDependencies): Answer {
  return async (request) => {
    const by = requirePrincipal(request);
    const { reason } = await readPause(request, dependencies.validator);
    const jobType = await requestedJobType(request, dependencies.registry);
    const told = reason === undefined ? {} : { reason };
    return await changeControl({ jobType, action: "pause", by, ...told }, dependencies);
  };
}

/** @throws Problem 400 or 413 */
async function readPause(request: ApiRequest, validator: Validator): Promise<PauseBody> {
  if (hasNoBody(request)) return {};
  const { value } = jsonBody(request);
  const errors = await validator.check(PAUSE_BODY, value, { size: request.body.body?.length ?? 0 });
  if (errors.length > 0) throw wrongShape(errors);
  return value as PauseBody;
}
