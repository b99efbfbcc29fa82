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
}

/** Gives a request's headers, and those that say who calls. */
export type Authorize = (request: UnsignedRequest) => Promise<Readonly<Record<string, string>>>;

/** What signs is loaded with the first request that is to be signed. */
export function authorization({ iam, token }: AuthorizationSettings): Authorize {
  if (iam !== undefined) {
    let signer: Promise<Authorize> | undefined;
    return async (request) => {
      signer ??= import("./iam-signer.ts").then(({ iamSigner }) => iamSigner(iam));
      return await (await signer)(request);
    };
  }
  if (token === undefined) return async ({ headers }) => headers;
  return async ({ headers }) => ({
    ...headers,
    authorization: `Bearer ${typeof token === "string" ? token : await token()}`,
  });
}
