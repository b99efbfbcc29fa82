import type { ApiSettings } from "@autoscaling-job-queues/client/api-calls";
import type { Credentials } from "@autoscaling-job-queues/client/authorization";
import { addressOf } from "@autoscaling-job-queues/client/settings";
import { CliError } from "./cli-error.ts";
import { EXIT } from "./exit-codes.ts";
import { LOOPBACK, type LocalPlatform, localPlatform } from "./local-platform.ts";

/** Where the API is, and who calls it. */
export interface Connection {
  /** The API's address, without a slash at its end. */
  readonly url: string;
  /** The platform on this machine, where the address is its. */
  readonly local: LocalPlatform | undefined;
  /** How calls are authorized: by nobody on one machine, by a bearer token, or with AWS credentials. */
  readonly authorization: "none" | "token" | "iam";
  /** AWS's region of the API; undefined on one machine, and where nothing tells it. */
  readonly region: string | undefined;
  /** What a client of this API is made with: `new JobsClient(connection.settings)`. */
  readonly settings: ApiSettings;
}

/** Variables that say where the API is and who calls. */
export const CONNECTION_VARIABLES = {
  url: "JOBS_API_URL",
  token: "JOBS_TOKEN",
  /** On one machine: who calls, as `X-Local-Principal`. */
  localPrincipal: "JOBS_LOCAL_PRINCIPAL",
} as const;

const REGION_IN_HOST = /[.]execute-api[.]([a-z0-9-]+)[.]amazonaws[.]com(?:[.]cn)?$/;

/**
 * Finds the API: the address that is given, else the platform that runs on this machine, else `JOBS_API_URL`.
 *
 * @param api of `--api`.
 * @throws CliError where there is none of them.
 */
export function connect(api: string | undefined, env: NodeJS.ProcessEnv, running = localPlatform()): Connection {
  const given = api ?? running?.api ?? nonEmpty(env[CONNECTION_VARIABLES.url]);
  if (given === undefined) {
    const how = `run npm start in the project, or set ${CONNECTION_VARIABLES.url}, or give --api`;
    throw new CliError(`no API is named, and no platform runs on this machine: ${how}`, EXIT.unreached);
  }
  const url = addressOf(given);
  const { hostname } = new URL(url);
  const local = running !== undefined && addressOf(running.api) === url ? running : undefined;
  const region = REGION_IN_HOST.exec(hostname)?.[1] ?? nonEmpty(env.AWS_REGION) ?? nonEmpty(env.AWS_DEFAULT_REGION);
  const token = nonEmpty(env[CONNECTION_VARIABLES.token]);
  // The platform on this machine asks for no token, and learns none.
  if (token !== undefined && local === undefined) return { url, local, authorization: "token", region, settings: { url, token } };
  if (local !== undefined || LOOPBACK.has(hostname)) {
    const principal = nonEmpty(env[CONNECTION_VARIABLES.localPrincipal]);
    const headers = principal === undefined ? {} : { "x-local-principal": principal };
    return { url, local, authorization: "none", region: undefined, settings: { url, headers } };
  }
  const iam = { credentials: credentialChain(), ...(region === undefined ? {} : { region }) };
  return { url, local, authorization: "iam", region, settings: { url, iam } };
}

/** The AWS SDK's chain, as every tool of AWS has it; loaded with the first request. */
export function credentialChain(): () => Promise<Credentials> {
  let provider: (() => Promise<Credentials>) | undefined;
  return async () => {
    if (provider === undefined) {
      const { defaultProvider } = await import("@aws-sdk/credential-provider-node");
      provider = defaultProvider();
    }
    return await provider();
  };
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === "" ? undefined : text;
}
