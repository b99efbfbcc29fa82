import { CliError } from "../cli-error.ts";
import type { Connection } from "../connect.ts";
import { awsSentence } from "./aws-failure.ts";

/** Names the platform, where the address of its API does not tell it. */
export const NAME_VARIABLE = "JOBS_NAME_PREFIX";

const API_ID = /^([a-z0-9]+)[.]execute-api[.]/;

/**
 * The environment's `namePrefix`, of which all names of a platform are made: that of the variable, else the name of its API in API Gateway.
 *
 * @throws CliError that says how to give it.
 */
export async function platformName({ url, region }: Pick<Connection, "url" | "region">, env: NodeJS.ProcessEnv): Promise<string> {
  const given = env[NAME_VARIABLE];
  if (given !== undefined && given !== "") return given;
  const apiId = API_ID.exec(new URL(url).hostname)?.[1];
  const how = `set ${NAME_VARIABLE} to the environment's namePrefix, such as jobs-prod`;
  if (apiId === undefined) throw new CliError(`${url} does not tell the platform's name: ${how}`);
  try {
    const { ApiGatewayV2Client, GetApiCommand } = await import("@aws-sdk/client-apigatewayv2");
    const { Name } = await new ApiGatewayV2Client(regionOf(region)).send(new GetApiCommand({ ApiId: apiId }));
    if (Name !== undefined) return Name;
  } catch (error) {
    throw new CliError(`${awsSentence("ask API Gateway for the platform's name", error)}; ${how}`);
  }
  throw new CliError(`API Gateway has no name for ${apiId}: ${how}`);
}

/** Settings of a client of AWS. */
export function regionOf(region: string | undefined): { region?: string } {
  return region === undefined ? {} : { region };
}
