import { beforeAll, describe, expect, it } from "vitest";
import type { Statement } from "../modules/synthesized.ts";
import { decide } from "./access.ts";
import { type Policies, type Policy, policiesOf } from "./policies.ts";
import { synthesizedDeployment } from "./synthesized-deployment.ts";

const OWN = "000000000000";
const STRANGER = "999988887777";
const LAYERS = "arn:aws:s3:::prod-us-east-1-starport-layer-bucket/layer";

/** On a resource whose policy lets everybody do everything: what is refused then, the endpoint refuses. */
const RESOURCES: readonly (readonly [action: string, endpoint: string, resource: (account: string) => string])[] = [
  ["dynamodb:PutItem", "dynamodb", (account) => `arn:aws:dynamodb:us-east-1:${account}:table/jobs`],
  ["ecr:BatchGetImage", "ecr.api", (account) => `arn:aws:ecr:us-east-1:${account}:repository/image`],
  ["ecr:PutImage", "ecr.dkr", (account) => `arn:aws:ecr:us-east-1:${account}:repository/image`],
  ["logs:PutLogEvents", "logs", (account) => `arn:aws:logs:us-east-1:${account}:log-group:group:log-stream:stream`],
  ["s3:PutObject", "s3", () => "arn:aws:s3:::bucket/object"],
  [
    "secretsmanager:GetSecretValue",
    "secretsmanager",
    (account) => `arn:aws:secretsmanager:us-east-1:${account}:secret:name-AbCdEf`,
  ],
  ["ssm:GetParameters", "ssm", (account) => `arn:aws:ssm:us-east-1:${account}:parameter/name`],
  ["sns:Publish", "sns", (account) => `arn:aws:sns:us-east-1:${account}:topic`],
  ["sqs:SendMessage", "sqs", (account) => `arn:aws:sqs:us-east-1:${account}:queue`],
];
const LOG_IN = "ecr:GetAuthorizationToken";

const open = (name: string, actions: string, principal: object = {}): Policy => {
  const statement: Statement = { Sid: "All", Effect: "Allow", Action: [actions], Resource: ["*"], ...principal };
  return { name, statements: [statement] };
};

let endpoints: Policies["endpoint"];
beforeAll(async () => {
  ({ endpoint: endpoints } = policiesOf(await synthesizedDeployment()));
});

/** What becomes of a call that identity and resource allow, and that leaves through an endpoint of the VPC. */
async function passing(endpoint: string, action: string, resource: string, caller: string, owner: string) {
  const all = `${action.split(":")[0]}:*`;
  const policies = {
    identity: new Map([["role", open("identity", all)]]),
    resource: new Map([[resource, open("resource", all, { Principal: "*" })]]),
    endpoint: endpoints,
  };
  const request = { principal: { role: "role", account: caller }, action, resource, owner };
  const [without, through] = await Promise.all(
    [{}, { throughEndpoint: endpoint }].map(async (way) => (await decide(policies, OWN, { ...request, ...way })).decision),
  );
  return { without, through };
}

const PASSES = { without: "Allowed", through: "Allowed" };
const REFUSED = { without: "Allowed", through: "ImplicitlyDenied" };

describe("an endpoint of the VPC", () => {
  it("is tried here, every one", () => {
    expect(RESOURCES.map(([, endpoint]) => endpoint).sort()).toEqual([...endpoints.keys()].sort());
  });

  it.each(RESOURCES)(
    "lets the account do %s through %s on its own resources, and on no other's",
    async (action, endpoint, resource) => {
      expect(await passing(endpoint, action, resource(OWN), OWN, OWN)).toEqual(PASSES);
      expect(await passing(endpoint, action, resource(STRANGER), OWN, STRANGER)).toEqual(REFUSED);
    },
  );

  it.each(RESOURCES)("lets nobody with another account's credentials do %s through %s", async (action, endpoint, resource) => {
    expect(await passing(endpoint, action, resource(STRANGER), STRANGER, STRANGER)).toEqual(REFUSED);
    expect(await passing(endpoint, action, resource(OWN), STRANGER, OWN)).toEqual(REFUSED);
  });

  it("lets images' layers be read from ECR's bucket by links that ECR signed, and not be written", async () => {
    expect(await passing("s3", "s3:GetObject", LAYERS, STRANGER, STRANGER)).toMatchObject(PASSES);
    expect(await passing("s3", "s3:PutObject", LAYERS, STRANGER, STRANGER)).toMatchObject(REFUSED);
  });

  it.each(["ecr.api", "ecr.dkr"])(
    "lets the account log in to its registry through %s, and nobody to another",
    async (endpoint) => {
      const decided = async (account: string) => {
        const policies = { identity: new Map([["role", open("identity", "ecr:*")]]), resource: new Map(), endpoint: endpoints };
        const request = { principal: { role: "role", account }, action: LOG_IN, resource: "*", owner: account };
        return (await decide(policies, account, { ...request, throughEndpoint: endpoint })).decision;
      };
      expect([await decided(OWN), await decided(STRANGER)]).toEqual(["Allowed", "ImplicitlyDenied"]);
    },
  );
});
