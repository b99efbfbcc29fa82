import { Sha256 } from "@aws-crypto/sha256-js";
import type * as credentialProviderNode from "@aws-sdk/credential-provider-node";
import { SignatureV4 } from "@smithy/signature-v4";
import type { Credentials, IamSettings, Sign } from "./authorization.ts";
import { JobsApiError } from "./jobs-api-error.ts";

/** The service's name in signatures for API Gateway's APIs. */
const SERVICE = "execute-api";
/** The API's own address; one behind a domain of your own does not tell its region. */
const REGION = /[.]execute-api[.]([a-z0-9-]+)[.]amazonaws[.]com(?:[.]cn)?$/;
/** Where the AWS SDK has its chain of credentials; every client of the SDK brings it. */
const CHAIN = "@aws-sdk/credential-provider-node";

/** Signs requests with AWS Signature Version 4. */
export async function iamSigner({ region, credentials }: IamSettings): Promise<Sign> {
  const provider = credentials ?? (await credentialChain());
  return async ({ method, url, headers, body, at }) => {
    const { protocol, hostname, host, port, pathname, searchParams } = new URL(url);
    const signer = new SignatureV4({
      service: SERVICE,
      region: region ?? regionOf(hostname),
      credentials: provider,
      sha256: Sha256,
      // Only S3 asks for the body's hash in a header.
      applyChecksum: false,
    });
    const query = Object.fromEntries([...new Set(searchParams.keys())].map((name) => [name, searchParams.getAll(name)]));
    const request = { method, protocol, hostname, path: pathname, query, headers: { ...headers, host }, body };
    const signed = await signer.sign(port === "" ? request : { ...request, port: Number(port) }, { signingDate: at });
    // The runtime sets it from the URL, and browsers refuse it.
    const { host: _, ...signedHeaders } = signed.headers;
    return signedHeaders;
  };
}

/** @throws JobsApiError `InvalidSetting` */
function regionOf(hostname: string): string {
  const region = REGION.exec(hostname)?.[1];
  if (region !== undefined) return region;
  throw new JobsApiError(
    `iam.region is missing, and ${hostname} does not tell it; give the API's region, such as "eu-central-1"`,
    {
      code: "InvalidSetting",
    },
  );
}

/** @throws JobsApiError `InvalidSetting` where the package is not installed, as in browsers. */
async function credentialChain(): Promise<() => Promise<Credentials>> {
  try {
    // Behind a name, so that bundlers for browsers do not look for a package of Node's.
    const name = CHAIN;
    const { defaultProvider } = (await import(
      /* webpackIgnore: true */ /* @vite-ignore */ name
    )) as typeof credentialProviderNode;
    return defaultProvider();
  } catch (cause) {
    throw new JobsApiError(
      `iam.credentials is missing, and ${CHAIN}, which has the AWS SDK's own, could not be loaded; install it`,
      {
        code: "InvalidSetting",
        cause,
      },
    );
  }
}
