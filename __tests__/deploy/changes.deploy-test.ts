import { mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import { App } from "cdktf";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { defineEnvironment } from "../../environments/define-environment.ts";
import type { Environment, EnvironmentSettings, OwnNetwork } from "../../environments/environment.ts";
import { AwsStack } from "../../modules/aws-stack.ts";
import { EMULATOR_CREDENTIALS } from "../../modules/emulator.ts";
import { roleName } from "../../modules/names.ts";
import { OwnVpc } from "../../modules/own-vpc.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { deployedEnvironment, stackFolder, terraformOf } from "./deployment.ts";

const deployment = inject("deployment");
const STACK = "changes";
/** In the order in which it is applied. */
const BEFORE = { path: "/", zones: ["us-east-1a", "us-east-1b"] };
const AFTER = { path: "/jobs/", zones: ["us-east-1b", "us-east-1c"] };
type Settings = typeof BEFORE;

const terraform = terraformOf(deployment, STACK);

/** IDs of the resources in a state, by address. */
type Ids = Readonly<Record<string, string>>;

let environment: (settings: Settings) => Environment;
let root: string;

/** Writes and applies only what the changes are about: a network, which has a role with its policy. */
async function apply(settings: Settings): Promise<Ids> {
  const outdir = path.join(root, "out");
  await mkdir(outdir, { recursive: true });
  const app = new App({ outdir, stackTraces: false });
  const of = environment(settings);
  const stack = new AwsStack(app, STACK, of);
  new OwnVpc(stack, "own", of, of.network as OwnNetwork, "arn:aws:kms:us-east-1:123456789012:key/example");
  app.synth();
  const folder = stackFolder(outdir, STACK);
  if (settings === BEFORE) await terraform.init(folder);
  await terraform.apply(folder);
  return await idsIn(path.join(root, "states", `${STACK}.tfstate`));
}

async function idsIn(file: string): Promise<Ids> {
  const { resources } = JSON.parse(await readFile(file, "utf8")) as {
    readonly resources: readonly {
      readonly type: string;
      readonly name: string;
      readonly instances: readonly { readonly attributes: { readonly id: string } }[];
    }[];
  };
  return Object.fromEntries(resources.map(({ type, name, instances: [only] }) => [`${type}.${name}`, only?.attributes.id ?? ""]));
}

/** IAM answers in XML. @returns what is in every element of the name. */
async function iam(element: string, parameters: Readonly<Record<string, string>>): Promise<string[]> {
  const scope = `${EMULATOR_CREDENTIALS.accessKey}/20260101/us-east-1/iam/aws4_request`;
  const response = await fetch(deployment.endpoint, {
    method: "POST",
    headers: { authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none` },
    body: new URLSearchParams({ ...parameters, Version: "2010-05-08" }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return [...text.matchAll(new RegExp(`<${element}>([^<]*)</${element}>`, "g"))].map(([, value = ""]) => value);
}

let before: Ids;
let after: Ids;
beforeAll(async () => {
  root = await temporaryFolder("changes");
  const { name, accountId, region, lambda, terraform: versions, fargate } = deployedEnvironment(deployment);
  environment = ({ path: rolePath, zones }) =>
    defineEnvironment({
      ...{ name, accountId, region, lambda, fargate, terraform: versions, namePrefix: "jobs-changes" },
      backend: { kind: "local", path: path.join(root, "states") },
      network: { kind: "private-with-endpoints", cidr: "10.50.0.0/16", zones },
      roles: { path: rolePath },
    } as EnvironmentSettings);
  before = await apply(BEFORE);
  after = await apply(AFTER);
});

describe("a role whose path is changed", () => {
  it("is made anew with its policy", async () => {
    const RoleName = roleName(environment(AFTER), "flow-logs");
    expect(await iam("Path", { Action: "GetRole", RoleName })).toEqual([AFTER.path]);
    expect(await iam("member", { Action: "ListRolePolicies", RoleName })).toEqual(["flow-logs"]);
  });
});

describe("a network whose zones are changed", () => {
  it("loses what was in the zone that is gone, gains what is in the new one, and keeps all else", () => {
    const inZone = (zone: string) => [`aws_route_table_association.own_private-${zone}-routes`, `aws_subnet.own_private-${zone}`];
    const network = (ids: Ids) => Object.entries(ids).filter(([address]) => !/^aws_(iam|flow_log)/.test(address));
    const kept = network(before).filter(([address]) => !inZone("us-east-1a").includes(address));
    const gained = inZone("us-east-1c").map((address) => [address, expect.any(String)]);
    expect(Object.fromEntries(network(after))).toEqual(Object.fromEntries([...kept, ...gained]));
    expect(kept.map(([address]) => address)).toEqual(expect.arrayContaining(inZone("us-east-1b")));
  });
});
