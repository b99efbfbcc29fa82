import { beforeAll, describe, expect, it } from "vitest";
import type { Statement } from "../modules/synthesized.ts";
import { decide } from "./access.ts";
import { type Policies, type Policy, policiesOf } from "./policies.ts";
import { synthesizedDeployment } from "./synthesized-deployment.ts";

const OWN = "000000000000";
const STRANGER = "999988887777";
const LAYERS = "arn:aws:s3:::prod-us-east-1-starport-layer-bucket/layer";

/** On a resource whose policy lets everybody do everything: what is refused then, the endpoint refuses. */
const RESOURCES: readonly (readonly [action: string, resource: (account: string) => string])[] = [
  ["dynamodb:PutItem", (account) => `arn:aws:dynamodb:us-east-1:${account}:table/jobs`],
  ["s3:PutObject", () => "arn:aws:s3:::bucket/object"],
  ["sns:Publish", (account) => `arn:aws:sns:us-east-1:${account}:topic`],
  ["sqs:SendMessage", (account) => `arn:aws:sqs:us-east-1:${account}:queue`],
];

const open = (name: string, actions: string, principal: object = {}): Policy => {
  const statement: Statement = { Sid: "All", Effect: "Allow", Action: [actions], Resource: ["*"], ...principal };
  return { name, statements: [statement] };
};

let endpoint: Policies["endpoint"];
beforeAll(async () => {
  ({ endpoint } = policiesOf(await synthesizedDeployment()));
});

/** What becomes of a call that identity and resource allow, and that leaves through the VPC's endpoint of its service. */
async function throughEndpoint(action: string, resource: string, caller: string, owner: string) {
  const all = `${action.split(":")[0]}:*`;
  const policies = {
    identity: new Map([["role", open("identity", all)]]),
    resource: new Map([[resource, open("resource", all, { Principal: "*" })]]),
    endpoint,
  };
  const request = { principal: { role: "role", account: caller }, action, resource, owner };
  const [without, passing] = await Promise.all(
    [false, true].map(async (through) => (await decide(policies, OWN, { ...request, throughEndpoint: through })).decision),
  );
  return { without, passing };
}

describe("an endpoint of the VPC", () => {
  it.each(RESOURCES)("lets the account do %s on its own resources, and on no other account's", async (action, resource) => {
    expect(await throughEndpoint(action, resource(OWN), OWN, OWN)).toEqual({ without: "Allowed", passing: "Allowed" });
    const refused = { without: "Allowed", passing: "ImplicitlyDenied" };
    expect(await throughEndpoint(action, resource(STRANGER), OWN, STRANGER)).toEqual(refused);
  });

  it.each(RESOURCES)("lets nobody with another account's credentials do %s", async (action, resource) => {
    const refused = { without: "Allowed", passing: "ImplicitlyDenied" };
    expect(await throughEndpoint(action, resource(STRANGER), STRANGER, STRANGER)).toEqual(refused);
    expect(await throughEndpoint(action, resource(OWN), STRANGER, OWN)).toEqual(refused);
  });

  it("lets images' layers be read from ECR's bucket by links that ECR signed, and not be written", async () => {
    expect(await throughEndpoint("s3:GetObject", LAYERS, STRANGER, STRANGER)).toMatchObject({ passing: "Allowed" });
    expect(await throughEndpoint("s3:PutObject", LAYERS, STRANGER, STRANGER)).toMatchObject({ passing: "ImplicitlyDenied" });
  });
});
