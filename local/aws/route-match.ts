import { ROUTES, type Route } from "@autoscaling-job-queues/domain/routes";

export interface RouteMatch {
  readonly route: Route;
  readonly pathParameters: Readonly<Record<string, string>>;
}

/**
 * Finds the route of a request, as HTTP APIs do: method and path together, literal segments before parameters.
 *
 * @throws URIError when a parameter is not percent-encoded text.
 */
export function matchRoute(
  method: string,
  path: string,
  routes: readonly Route[] = Object.values(ROUTES),
): RouteMatch | undefined {
  const given = path.split("/");
  for (const route of routes.toSorted((a, b) => parameters(a).length - parameters(b).length)) {
    const wanted = route.path.split("/");
    const fits =
      route.method === method &&
      wanted.length === given.length &&
      wanted.every((segment, index) => (isParameter(segment) ? given[index] !== "" : segment === given[index]));
    if (!fits) continue;
    const values = wanted.flatMap((segment, index) =>
      isParameter(segment) ? [[segment.slice(1, -1), decodeURIComponent(given[index] ?? "")]] : [],
    );
    return { route, pathParameters: Object.fromEntries(values) };
  }
  return undefined;
}

function parameters(route: Route): string[] {
  return route.path.split("/").filter(isParameter);
}

function isParameter(segment: string): boolean {
  return segment.startsWith("{") && segment.endsWith("}");
}
