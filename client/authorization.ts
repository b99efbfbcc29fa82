import { JobsApiError } from "./jobs-api-error.ts";
import { checkedHeaders, reasonOf } from "./request.ts";
import { unlessAborted } from "./unless-aborted.ts";

/** AWS credentials, as the AWS SDK has them. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Signs with AWS Signature Version 4, for an API whose environment says `authorization: { kind: "iam" }`. */
export interface IamSettings {
  /** The API's region. @default that in the host of the API's own address, `….execute-api.<region>.amazonaws.com` */
  readonly region?: string;
  /**
   * Credentials, or what gives them: any provider of the AWS SDK. It is asked at every request.
   *
   * @default the SDK's own chain (environment, profile, SSO, container, instance), in Node, from the package
   * `@aws-sdk/credential-provider-node`, which every client of the SDK brings
   */
  readonly credentials?: Credentials | (() => Promise<Credentials>);
}

/** How the client says who calls. At most one of the two; without either, requests are sent as they are: to a platform on one machine. */
export interface AuthorizationSettings {
  readonly iam?: IamSettings;
  /** A bearer token, for `authorization: { kind: "jwt" }`, or what gives one; it is asked at every request, and so may renew it. */
  readonly token?: string | (() => string | Promise<string>);
}

/** A request, before it is signed. */
export interface UnsignedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** When it is signed. */
  readonly at: Date;
}

/** Gives a request's headers, and those that say who calls. */
export type Sign = (request: UnsignedRequest) => Promise<Readonly<Record<string, string>>>;

/** The same, until a signal: what is asked for credentials or a token may wait for a person to log in. */
export type Authorize = (request: UnsignedRequest, signal: AbortSignal | undefined) => ReturnType<Sign>;

/** What authorizes throws JobsApiError `CredentialsFailed` and `InvalidSetting`, and the signal's reason. */
export function authorization(settings: AuthorizationSettings): Authorize {
  if (settings.iam !== undefined && settings.token !== undefined) {
    throw new JobsApiError("iam and token are both given; give one", { code: "InvalidSetting" });
  }
  const sign = signerOf(settings);
  return async (request, signal) => {
    try {
      return checkedHeaders(await unlessAborted(sign(request), signal));
    } catch (cause) {
      signal?.throwIfAborted();
      if (cause instanceof JobsApiError) throw cause;
      throw new JobsApiError(`credentials or token could not be had: ${reasonOf(cause)}`, { code: "CredentialsFailed", cause });
    }
  };
}

function signerOf({ iam, token }: AuthorizationSettings): Sign {
  if (iam !== undefined) return lateSigner(iam);
  if (token === undefined) return async ({ headers }) => headers;
  return async ({ headers }) => {
    const given: unknown = typeof token === "string" ? token : await token();
    if (typeof given === "string" && given.trim() !== "") return { ...headers, authorization: `Bearer ${given}` };
    throw new JobsApiError("the token is empty", { code: "CredentialsFailed" });
  };
}

/** What signs is loaded with the first request, and where that fails with the next. */
function lateSigner(iam: IamSettings): Sign {
  let signer: Promise<Sign> | undefined;
  const load = async (): Promise<Sign> => (await import("./iam-signer.ts")).iamSigner(iam);
  return async (request) => {
    signer ??= load();
    try {
      return await (await signer)(request);
    } catch (error) {
      signer = undefined;
      throw error;
    }
  };
}
