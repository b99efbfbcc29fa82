import { DEFAULT_ROUTE, type LambdaName, ROUTES, routeKey } from "@autoscaling-job-queues/domain/routes";
import { Apigatewayv2Api } from "@cdktf/provider-aws/lib/apigatewayv2-api/index.js";
import { Apigatewayv2ApiMapping } from "@cdktf/provider-aws/lib/apigatewayv2-api-mapping/index.js";
import { Apigatewayv2Authorizer } from "@cdktf/provider-aws/lib/apigatewayv2-authorizer/index.js";
import { Apigatewayv2DomainName } from "@cdktf/provider-aws/lib/apigatewayv2-domain-name/index.js";
import { Apigatewayv2Integration } from "@cdktf/provider-aws/lib/apigatewayv2-integration/index.js";
import { Apigatewayv2Route } from "@cdktf/provider-aws/lib/apigatewayv2-route/index.js";
import { Apigatewayv2Stage } from "@cdktf/provider-aws/lib/apigatewayv2-stage/index.js";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission/index.js";
import { Construct } from "constructs";
import type { Environment } from "../environments/environment.ts";
import type { Lambda } from "./lambda.ts";
import { createLogGroup } from "./log-group.ts";
import { platformNames } from "./names.ts";
import { literal } from "./registry-item.ts";

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

type Domain = NonNullable<Environment["api"]["domain"]>;

interface RouteSettings {
  readonly operation: string;
  readonly routeKey: string;
  readonly lambda: LambdaName;
}

/** Every route of the route table, by name. */
const TABLE_ROUTES: readonly RouteSettings[] = Object.entries(ROUTES).map(([operation, route]) => ({
  operation,
  routeKey: routeKey(route),
  lambda: route.lambda,
}));

/** All that an API for browsers answers on other paths. Its default route would ask preflights, which bear no credentials, for some. */
const OTHER_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] as const;

/** What a browser may send and see. API Gateway itself answers preflights where no route has their method (HTTP APIs: CORS). */
const CORS = {
  allowMethods: ["GET", "POST"],
  allowHeaders: [
    ...["authorization", "content-type", "idempotency-key"],
    ...["x-amz-content-sha256", "x-amz-date", "x-amz-security-token"],
  ],
  // By the date the client sets the clock of its signatures.
  exposeHeaders: ["date", "idempotency-replayed", "location", "retry-after"],
  maxAge: 3_600,
};

/**
 * The HTTP API: every route of the route table, and the default route for all other paths. Each is authorized, so that no invocation
 * of a Lambda is paid for a caller who is not known, throttled and logged.
 */
export class HttpApi extends Construct {
  readonly endpoint: string;
  readonly executionArn: string;
  readonly apiId: string;
  /** What the DNS record of the environment's own domain points to. */
  readonly domainTarget: string | undefined;

  constructor(scope: Construct, id: string, environment: Environment, { keyArn, lambdas }: HttpApiSettings) {
    super(scope, id);
    const names = platformNames(environment);
    const { requestsPerSecond, burst } = environment.throttling;
    const { domain, corsOrigins } = environment.api;
    const api = new Apigatewayv2Api(this, "api", {
      name: names.api,
      description: "Adds, queries and cancels jobs",
      protocolType: "HTTP",
      ...(corsOrigins.length === 0 ? {} : { corsConfiguration: { ...CORS, allowOrigins: [...corsOrigins] } }),
    });
    this.executionArn = api.executionArn;
    this.apiId = api.id;
    const logs = createLogGroup(this, "access-logs", environment, { name: names.accessLogs, keyArn });
    const stage = new Apigatewayv2Stage(this, "stage", {
      apiId: api.id,
      name: STAGE,
      autoDeploy: true,
      defaultRouteSettings: { throttlingRateLimit: requestsPerSecond, throttlingBurstLimit: burst },
      accessLogSettings: { destinationArn: logs.arn, format: JSON.stringify(ACCESS_LOG) },
    });
    this.endpoint = domain === undefined ? api.apiEndpoint : `https://${domain.name}`;
    this.domainTarget = domain && this.#serveAt(domain, api, stage);
    const routes = [...TABLE_ROUTES, ...defaultRoutes(corsOrigins)];
    const routed = new Set(routes.map(({ lambda }) => lambda));
    const served = [...lambdas].filter(([name]) => routed.has(name));
    const targets = new Map(served.map(([name, lambda]) => [name, this.#integrate(api, name, lambda)]));
    const authorization = this.#authorize(api, environment);
    for (const { operation, routeKey, lambda } of routes) {
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

  #serveAt({ name, certificateArn }: Domain, api: Apigatewayv2Api, stage: Apigatewayv2Stage): string {
    const domain = new Apigatewayv2DomainName(this, "domain", {
      domainName: name,
      domainNameConfiguration: { certificateArn, endpointType: "REGIONAL", securityPolicy: "TLS_1_2" },
    });
    new Apigatewayv2ApiMapping(this, "mapping", { apiId: api.id, domainName: domain.id, stage: stage.id });
    return domain.domainNameConfiguration.targetDomainName;
  }

  #authorize(api: Apigatewayv2Api, { authorization, namePrefix }: Environment) {
    if (authorization.kind === "iam") return { authorizationType: "AWS_IAM" };
    const authorizer = new Apigatewayv2Authorizer(this, "authorizer", {
      apiId: api.id,
      name: namePrefix,
      authorizerType: "JWT",
      identitySources: ["$request.header.Authorization"],
      jwtConfiguration: { issuer: literal(authorization.issuer), audience: authorization.audience.map(literal) },
    });
    const scopes = authorization.scopes === undefined ? {} : { authorizationScopes: authorization.scopes.map(literal) };
    return { authorizationType: "JWT", authorizerId: authorizer.id, ...scopes };
  }
}

/** Where every other method and path go. */
function defaultRoutes(corsOrigins: readonly string[]): readonly RouteSettings[] {
  if (corsOrigins.length === 0) return [{ operation: "default", ...DEFAULT_ROUTE }];
  return OTHER_METHODS.map((method) => ({
    operation: `default-${method.toLowerCase()}`,
    routeKey: `${method} /{proxy+}`,
    lambda: DEFAULT_ROUTE.lambda,
  }));
}
