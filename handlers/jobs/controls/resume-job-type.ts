import type { Answer } from "../../http/api-handler.ts";
import { requirePrincipal } from "../access.ts";
import { requestedJobType } from "../requested-job-type.ts";
import { type ChangeControlDependencies, changeControl } from "./change-control.ts";

/** `POST /job-types/{name}/resume`. */
export function resumeJobType(dependencies: ChangeControlDependencies): Answer {
  return async (request) => {
    const by = requirePrincipal(request);
    const jobType = await requestedJobType(request, dependencies.registry);
    return await changeControl({ jobType, action: "resume", by }, dependencies);
  };
}
