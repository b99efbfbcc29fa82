import path from "node:path";
import type { LambdaName, Operation } from "../../domain/routes.ts";
import type { ApiResponse } from "../../handlers/http/event.ts";
import { Lambdas } from "../../local/aws/lambdas.ts";
import { apiEvent, type RequestParts } from "../handlers/api-event.ts";
import type { DeployedFunction, DeployedRoute } from "./deployed-api.ts";

/** An answer of the API, with its JSON parsed. */
export interface ApiAnswer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
  readonly body: any;
}

export interface DeployedLambdasSettings {
  readonly functions: ReadonlyMap<LambdaName, DeployedFunction>;
  readonly routes: readonly DeployedRoute[];
  /** What Lambda sets beside a function's own variables. */
  readonly runtime: NodeJS.ProcessEnv;
  readonly logFolder: string;
}

/** The bundles, each in a process of its own that has exactly the variables of its deployed function. */
export class DeployedLambdas {
  /** How processes ended that should not have. */
  readonly ended: string[] = [];
  readonly #lambdas: ReadonlyMap<LambdaName, Lambdas>;
  readonly #routes: readonly DeployedRoute[];

  constructor({ functions, routes, runtime, logFolder }: DeployedLambdasSettings) {
    this.#routes = routes;
    const host = ({ FunctionName, Environment }: DeployedFunction, name: LambdaName): Lambdas =>
      new Lambdas({
        folder: "dist/handlers",
        environment: { ...runtime, AWS_LAMBDA_FUNCTION_NAME: FunctionName, ...Environment.Variables },
        log: path.join(logFolder, `lambda-${name}.log`),
        report: (line) => this.ended.push(line),
      });
    this.#lambdas = new Map([...functions].map(([name, deployed]) => [name, host(deployed, name)]));
  }

  readonly invoke = async (name: LambdaName, event: unknown): Promise<unknown> => {
    const lambda = this.#lambdas.get(name);
    if (lambda === undefined) throw new Error(`there is no function ${name}`);
    return await lambda.invoke(name, event);
  };

  /** Sends a request as API Gateway does: to the Lambda of the deployed route, with the caller's principal. */
  readonly request = async (operation: Operation, parts?: RequestParts): Promise<ApiAnswer> => {
    const event = apiEvent(operation, parts);
    const route = this.#routes.find(({ routeKey }) => routeKey === event.routeKey);
    if (route === undefined) throw new Error(`there is no route ${event.routeKey}`);
    const { statusCode, body } = (await this.invoke(route.lambda, event)) as ApiResponse;
    return { status: statusCode, body: JSON.parse(body) };
  };

  async stop(): Promise<void> {
    await Promise.all([...this.#lambdas.values()].map((lambda) => lambda.stop()));
  }
}
