import { LAMBDAS, type LambdaName } from "../../domain/routes.ts";
import type { Environment } from "../../environments/environment.ts";
import { platformNames } from "../../modules/names.ts";
import type { EmulatedAws } from "./emulated-aws.ts";

/** A Lambda function as Lambda describes it (GetFunctionConfiguration). */
export interface DeployedFunction {
  readonly FunctionName: string;
  readonly FunctionArn: string;
  readonly Handler: string;
  /** Base64 SHA-256 of the package. */
  readonly CodeSha256: string;
  readonly Environment: { readonly Variables: Readonly<Record<string, string>> };
}

/** A route of the HTTP API, and the Lambda that its integration invokes. */
export interface DeployedRoute {
  readonly routeKey: string;
  readonly authorizationType: string;
  readonly lambda: LambdaName;
}

interface Items<Item> {
  readonly items: readonly Item[];
}

/** The functions of the platform, read back from Lambda. */
export async function deployedFunctions(
  aws: EmulatedAws,
  environment: Environment,
): Promise<ReadonlyMap<LambdaName, DeployedFunction>> {
  const { lambda } = platformNames(environment);
  const read = async (name: LambdaName) => {
    const configuration = await aws.get("lambda", `/2015-03-31/functions/${lambda(name)}/configuration`);
    return [name, configuration as DeployedFunction] as const;
  };
  return new Map(await Promise.all(LAMBDAS.map(read)));
}

/**
 * The routes of the HTTP API, read back from API Gateway.
 *
 * @param apiEndpoint the platform's output; the API's ID is its first label.
 * @throws Error when a route leads to no function of the platform.
 */
export async function deployedRoutes(
  aws: EmulatedAws,
  apiEndpoint: string,
  functions: ReadonlyMap<LambdaName, DeployedFunction>,
): Promise<readonly DeployedRoute[]> {
  const [apiId] = new URL(apiEndpoint).hostname.split(".");
  type Route = { routeKey: string; authorizationType: string; target: string };
  type Integration = { integrationId: string; integrationUri: string };
  const list = async <Item>(what: string) => (await aws.get("apigateway", `/v2/apis/${apiId}/${what}`)) as Items<Item>;
  const [routes, integrations] = await Promise.all([list<Route>("routes"), list<Integration>("integrations")]);
  return routes.items.map(({ routeKey, authorizationType, target }) => {
    const integration = integrations.items.find(({ integrationId }) => target === `integrations/${integrationId}`);
    // The URI is one of API Gateway's own, around the function's ARN.
    const invoked = [...functions].find(([, { FunctionArn }]) => integration?.integrationUri.includes(`${FunctionArn}/`));
    if (invoked === undefined) throw new Error(`route ${routeKey} leads to no function: ${JSON.stringify(integration)}`);
    return { routeKey, authorizationType, lambda: invoked[0] };
  });
}

/** ARNs of the queues that a function polls. */
export async function polledQueues(aws: EmulatedAws, { FunctionArn }: DeployedFunction): Promise<readonly string[]> {
  const query = new URLSearchParams({ FunctionName: FunctionArn });
  const { EventSourceMappings } = (await aws.get("lambda", `/2015-03-31/event-source-mappings/?${query}`)) as {
    readonly EventSourceMappings: readonly { readonly EventSourceArn: string }[];
  };
  return EventSourceMappings.map(({ EventSourceArn }) => EventSourceArn).sort();
}
