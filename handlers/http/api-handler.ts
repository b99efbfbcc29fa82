import { type AssumedRoleOwner, readChoice } from "@autoscaling-job-queues/domain/environment";
import { type Operation, ROUTES, type Route, routeKey } from "@autoscaling-job-queues/domain/routes";
import type { Context } from "aws-lambda";
import type { Telemetry } from "../telemetry.ts";
import { type ApiEvent, type ApiRequest, type ApiResponse, apiRequest, HEADERS } from "./event.ts";
import { expectRequest } from "./expected-request.ts";
import { Problem, problemResponse } from "./problem.ts";
import { isTransient } from "./transient-error.ts";

/** Answers one operation of the API; throws a `Problem` for an answer that is an error. */
export type Answer = (request: ApiRequest) => Promise<ApiResponse>;

const RETRY_AFTER_SECONDS = 2;

/**
 * A Lambda's handler for some of the API's operations. Every error becomes an answer; none shows what is inside.
 *
 * @param assumedRoleOwner by default as the environment says.
 */
export function apiHandler(
  operations: Partial<Readonly<Record<Operation, Answer>>>,
  { logger, count }: Telemetry,
  assumedRoleOwner: AssumedRoleOwner = readChoice("assumedRoleOwner"),
): (event: ApiEvent, context: Context) => Promise<ApiResponse> {
  const served = new Map(
    Object.entries(operations).map(([operation, answer]) => {
      const route: Route = ROUTES[operation as Operation];
      return [routeKey(route), { route, answer }];
    }),
  );
  const answer = async (event: ApiEvent): Promise<ApiResponse> => {
    try {
      const asked = served.get(event.routeKey);
      if (asked === undefined) throw new Problem("RouteNotFound", "there is no such path, or not with this method");
      const request = apiRequest(event, assumedRoleOwner);
      expectRequest(request, asked.route);
      return await asked.answer(request);
    } catch (error) {
      const problem = toProblem(error);
      count("RequestsRejected", { code: problem.code });
      if (problem === error)
        logger.info("request rejected", { route: event.routeKey, code: problem.code, reason: problem.message });
      else logger.error("request failed", { route: event.routeKey, code: problem.code, error });
      return problemResponse(problem);
    }
  };
  return async (event, context) => {
    logger.addContext(context);
    const response = await answer(event);
    return { ...response, headers: { ...HEADERS, ...response.headers } };
  };
}

function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (isTransient(error)) {
    return new Problem(
      "Unavailable",
      "a service did not answer in time; the request may or may not have taken effect, try it again",
      {
        retryAfterSeconds: RETRY_AFTER_SECONDS,
      },
    );
  }
  return new Problem("InternalError", "something went wrong here; the request may or may not have taken effect");
}
