import { DEFAULT_ROUTE, type LambdaName, ROUTES, routeKey } from "@autoscaling-job-queues/domain/routes";
import { Apigatewayv2Api } from "@cdktf/provider-aws/lib/apigatewayv2-api/index.js";
import { Apigatewayv2Authorizer } from "@cdktf/provider-aws/lib/apigatewayv2-authorizer/index.js";
import { Apigatewayv2Integration } from "@cdktf/provider-aws/lib/apigatewayv2-integration/index.js";
import { Apigatewayv2Route } from "@cdktf/provider-aws/lib/apigatewayv2-route/index.js";
import { Apigatewayv2Stage } from "@cdktf/provider-aws/lib/apigatewayv2-stage/index.js";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission/index.js";
import { Construct } from "constructs";
import type { Environment } from "../environments/environment.ts";
import type { Lambda } from "./lambda.ts";
import { createLogGroup } from "./log-group.ts";
import { platformNames } from "./names.ts";

/** The stage without a name in the URL. */
const STAGE = "$default";
/** Milliseconds that API Gateway waits for a Lambda: the most that HTTP APIs allow. */
const INTEGRATION_TIMEOUT_MS = 30_000;

/** One line of the access log. */
const ACCESS_LOG = {
  requestId: "$context.requestId",
  time: "$context.requestTime",
  sourceIp: "$context.identity.sourceIp",
  caller: "$context.identity.userArn",
  subject: "$context.authorizer.claims.sub",
  route: "$context.routeKey",
  status: "$context.status",
  bytes: "$context.responseLength",
  latencyMs: "$context.responseLatency",
  error: "$context.error.message",
  integrationError: "$context.integrationErrorMessage",
} as const;

interface HttpApiSettings {
  readonly keyArn: string;
  readonly lambdas: ReadonlyMap<LambdaName, Lambda>;
}

interface RouteSettings {
  readonly operation: string;
  readonly routeKey: string;
  readonly lambda: LambdaName;
}

/** Every route of the API, by name. */
const ALL_ROUTES: readonly RouteSettings[] = [
  ...Object.entries(ROUTES).map(([operation, route]) => ({ operation, routeKey: routeKey(route), lambda: route.lambda })),
  { operation: "default", ...DEFAULT_ROUTE },
];

/**
 * The HTTP API: every route of the route table, and the default route for all other paths. Each is authorized, so that no invocation
 * of a Lambda is paid for a caller who is not known, throttled and logged.
 */
export class HttpApi extends Construct {
  readonly endpoint: string;
  readonly executionArn: string;
  readonly apiId: string;

  constructor(scope: Construct, id: string, environment: Environment, { keyArn, lambdas }: HttpApiSettings) {
    super(scope, id);
    const names = platformNames(environment);
    const { requestsPerSecond, burst } = environment.throttling;
    const api = new Apigatewayv2Api(this, "api", {
      name: names.api,
      description: "Adds, queries and cancels jobs",
      protocolType: "HTTP",
    });
    this.endpoint = api.apiEndpoint;
    this.executionArn = api.executionArn;
    this.apiId = api.id;
    const logs = createLogGroup(this, "access-logs", environment, { name: names.accessLogs, keyArn });
    new Apigatewayv2Stage(this, "stage", {
      apiId: api.id,
      name: STAGE,
      autoDeploy: true,
      defaultRouteSettings: { throttlingRateLimit: requestsPerSecond, throttlingBurstLimit: burst },
      accessLogSettings: { destinationArn: logs.arn, format: JSON.stringify(ACCESS_LOG) },
    });
    const routed = new Set(ALL_ROUTES.map(({ lambda }) => lambda));
    const served = [...lambdas].filter(([name]) => routed.has(name));
    const targets = new Map(served.map(([name, lambda]) => [name, this.#integrate(api, name, lambda)]));
    const authorization = this.#authorize(api, environment);
    for (const { operation, routeKey, lambda } of ALL_ROUTES) {
      new Apigatewayv2Route(this, operation, { apiId: api.id, routeKey, target: targets.get(lambda) ?? "", ...authorization });
    }
  }

  #integrate(api: Apigatewayv2Api, name: LambdaName, lambda: Lambda): string {
    const integration = new Apigatewayv2Integration(this, `${name}-integration`, {
      apiId: api.id,
      integrationType: "AWS_PROXY",
      integrationUri: lambda.invokeArn,
      payloadFormatVersion: "2.0",
      timeoutMilliseconds: INTEGRATION_TIMEOUT_MS,
    });
    new LambdaPermission(this, `${name}-permission`, {
      statementId: "InvokeFromTheApi",
      action: "lambda:InvokeFunction",
      functionName: lambda.functionName,
      principal: "apigateway.amazonaws.com",
      sourceArn: `${api.executionArn}/${STAGE}/*`,
    });
    return `integrations/${integration.id}`;
  }

  #authorize(api: Apigatewayv2Api, { authorization, namePrefix }: Environment) {
    if (authorization.kind === "iam") return { authorizationType: "AWS_IAM" };
    const authorizer = new Apigatewayv2Authorizer(this, "authorizer", {
      apiId: api.id,
      name: namePrefix,
      authorizerType: "JWT",
      identitySources: ["$request.header.Authorization"],
      jwtConfiguration: { issuer: authorization.issuer, audience: [...authorization.audience] },
    });
    return { authorizationType: "JWT", authorizerId: authorizer.id };
  }
}
