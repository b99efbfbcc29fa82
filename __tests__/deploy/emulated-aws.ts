import { devNull } from "node:os";
import { ECSClient } from "@aws-sdk/client-ecs";
import type { Environment } from "../../environments/environment.ts";
import { type PlatformClients, platformClients } from "../../local/aws/clients.ts";

/** A local AWS, as the deployed programs and the tests reach it. */
export interface EmulatedAws {
  /** What the SDK reads on AWS from Lambda's or Fargate's own variables, and where the services are. */
  readonly variables: Readonly<Record<string, string>>;
  readonly clients: PlatformClients & { readonly ecs: ECSClient };
  /** Calls a service of REST paths. @returns the answer's JSON. */
  readonly get: (service: string, pathAndQuery: string) => Promise<unknown>;
  /** Calls a service of JSON targets such as `GraniteServiceVersion20100801.DescribeAlarms`. @returns the answer's JSON. */
  readonly call: (service: string, target: string, parameters: object) => Promise<unknown>;
  readonly destroy: () => void;
}

export function emulatedAws(endpoint: string, { region }: Environment): EmulatedAws {
  const credentials = { accessKeyId: "emulated", secretAccessKey: "emulated" };
  const variables = {
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_ENDPOINT_URL: endpoint,
    // Nothing of the user's own settings.
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
  };
  const clients = {
    ...platformClients({ sqs: endpoint, sns: endpoint, s3: endpoint, dynamodb: endpoint }, variables),
    ecs: new ECSClient({ endpoint, region, credentials }),
  };
  // An emulator takes the service from the signature's scope, and checks no signature.
  const authorization = (service: string): string =>
    `AWS4-HMAC-SHA256 Credential=emulated/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=none`;
  return {
    variables,
    clients,
    get: async (service, pathAndQuery) =>
      await answer(await fetch(`${endpoint}${pathAndQuery}`, { headers: { authorization: authorization(service) } })),
    call: async (service, target, parameters) =>
      await answer(
        await fetch(endpoint, {
          method: "POST",
          headers: {
            authorization: authorization(service),
            "content-type": "application/x-amz-json-1.0",
            "x-amz-target": target,
          },
          body: JSON.stringify(parameters),
        }),
      ),
    destroy: () => {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}

async function answer(response: Response): Promise<unknown> {
  const body = await response.text();
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}: ${body.slice(0, 1_000)}`);
  return JSON.parse(body);
}
