import { awsSentence } from "../aws/aws-failure.ts";
import { regionOf } from "../aws/platform-name.ts";
import { CONNECTION_VARIABLES } from "../connect.ts";
import type { Check, Finding, Patient } from "./finding.ts";

/** A token that ends sooner than this, in seconds, is told of. */
const SOON_SECONDS = 300;

export const callerChecks: readonly Check[] = [
  { name: "address", look: async (patient) => [addressFinding(patient)] },
  { name: "credentials", look: async (patient) => [await credentialsFinding(patient)] },
];

function addressFinding({ connection, cli, env }: Patient): Finding {
  const check = "address";
  if (connection === undefined) {
    const fix = `run npm start in the project, or set ${CONNECTION_VARIABLES.url}, or give --api`;
    return { check, status: "wrong", message: "no API is named, and no platform runs on this machine", fix };
  }
  const { url, local } = connection;
  const given = env[CONNECTION_VARIABLES.url];
  const isHidden = cli.api === undefined && local !== undefined && given !== undefined && given.replace(/\/+$/, "") !== url;
  if (isHidden) {
    const message = `${url}, the platform on this machine, comes before ${CONNECTION_VARIABLES.url}, which is ${given}`;
    return { check, status: "warning", message, fix: "give --api, or stop npm start, to call the other" };
  }
  const from =
    cli.api !== undefined ? "by --api" : local !== undefined ? "the platform on this machine" : `by ${CONNECTION_VARIABLES.url}`;
  return { check, status: "ok", message: `${url}, ${from}` };
}

async function credentialsFinding({ connection, env, signal }: Patient): Promise<Finding> {
  const check = "credentials";
  if (connection === undefined) return { check, status: "unknown", message: "no API is named that would ask for them" };
  if (connection.authorization === "none") return { check, status: "ok", message: "none are needed on one machine" };
  if (connection.authorization === "token") return tokenFinding(env[CONNECTION_VARIABLES.token] ?? "", Date.now());
  try {
    const { GetCallerIdentityCommand, STSClient } = await import("@aws-sdk/client-sts");
    const client = new STSClient(regionOf(connection.region));
    const { Arn } = await client.send(new GetCallerIdentityCommand({}), { abortSignal: signal });
    if (connection.region === undefined) {
      return {
        check,
        status: "wrong",
        message: `${Arn}, but the region of ${connection.url} is not known`,
        fix: "set AWS_REGION",
      };
    }
    return { check, status: "ok", message: `${Arn}, in ${connection.region}` };
  } catch (error) {
    signal.throwIfAborted();
    const fix = `log in, such as with aws sso login, or set AWS_PROFILE, or ${CONNECTION_VARIABLES.token}`;
    return { check, status: "wrong", message: awsSentence("see who you are", error), fix };
  }
}

/** What a bearer token says of itself, where it is a JWT. @param now epoch milliseconds. */
export function tokenFinding(token: string, now: number): Finding {
  const check = "credentials";
  const claims = claimsOf(token);
  if (claims === undefined) return { check, status: "ok", message: "a bearer token, which is no JWT" };
  const { sub, exp } = claims;
  const seconds = typeof exp === "number" ? exp - now / 1_000 : Number.POSITIVE_INFINITY;
  const who = `a bearer token of ${String(sub ?? "nobody named")}`;
  const fix = `set ${CONNECTION_VARIABLES.token} to a new one`;
  if (seconds <= 0) return { check, status: "wrong", message: `${who}, which has expired`, fix };
  if (seconds < SOON_SECONDS)
    return { check, status: "warning", message: `${who}, which expires in ${Math.ceil(seconds)} s`, fix };
  return { check, status: "ok", message: who };
}

function claimsOf(token: string): { readonly sub?: unknown; readonly exp?: unknown } | undefined {
  const [, payload, signature] = token.split(".");
  if (payload === undefined || signature === undefined) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, "base64url").toString("utf8"));
    return typeof claims === "object" && claims !== null ? claims : undefined;
  } catch {
    return undefined;
  }
}
