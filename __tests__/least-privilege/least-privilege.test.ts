import { beforeAll, describe, expect, it } from "vitest";
import { policies as synthesizedPolicies } from "../modules/synthesized.ts";
import { type Access, type AccessRequest, decide, ownerOf, type Principal } from "./access.ts";
import type { RecordedCall } from "./call-recorder.ts";
import { requestsOf } from "./call-requests.ts";
import { arnsOf } from "./deployed-arns.ts";
import type { Deployment } from "./deployment.ts";
import { startEmulatedDeployment } from "./emulated-deployment.ts";
import { describeGrant, type Grant, grantsOf, withoutGrant } from "./grants.ts";
import { endpointsOf, type Policies, type Policy, policiesOf, withPolicy } from "./policies.ts";
import { ADMINISTRATOR, executionOf, principalsOf, workerOf } from "./principals.ts";
import { runScenarios } from "./scenarios.ts";
import { serviceCalls } from "./service-calls.ts";
import { JOB_TYPES, REACHING_TYPES, synthesizedDeployment } from "./synthesized-deployment.ts";

/** All but one, whose grants are the first one's. */
const PROVEN_TYPES = ["canary", ...REACHING_TYPES.map(({ name }) => name)];

/** The statements that types have for what they reach. */
const REACHED: Readonly<Record<string, readonly string[]>> = {
  "order-totals": ["Access1", "TellMissingFiles", "ReadParameters", "ReadParametersKeys"],
  partners: ["ReadSecrets", "ReadSecretsKeys"],
};

/** A request that was made, and what IAM says to it. */
interface Decided extends Access {
  readonly request: AccessRequest;
}

let deployment: Deployment;
let principals: ReadonlyMap<string, Principal>;
let policies: Policies;
let calls: readonly RecordedCall[];
let requests: AccessRequest[];
let decided: Decided[];

beforeAll(async () => {
  deployment = await synthesizedDeployment();
  principals = principalsOf(deployment);
  policies = policiesOf(deployment);
  const emulated = await startEmulatedDeployment(deployment);
  try {
    await runScenarios(deployment, emulated);
  } finally {
    await emulated.stop();
  }
  calls = emulated.recorder.calls;
  const recorded = calls.flatMap((call) => requestsOf(call, principals, deployment));
  const documented = serviceCalls(arnsOf(deployment), PROVEN_TYPES).map(({ source: _, principal, ...request }) => ({
    ...request,
    principal: principals.get(principal) as Principal,
  }));
  requests = [...new Map([...recorded, ...documented].map((request) => [JSON.stringify(request), request])).values()];
  decided = await decideAll(policies, requests);
  // A lease is renewed ten seconds after its claim: the longest that the scenarios wait for.
}, 300_000);

/** Administrators have policies that are none of this Terraform's: all that the key's own policy lets them have. */
function withAdministrator({ identity, ...others }: Policies): Policies {
  const statement = { Sid: "All", Effect: "Allow", Action: ["kms:*"], Resource: ["*"] } as const;
  return { ...others, identity: new Map(identity).set(ADMINISTRATOR, { name: ADMINISTRATOR, statements: [statement] }) };
}

async function decideAll(by: Policies, all: readonly AccessRequest[]): Promise<Decided[]> {
  const { accountId } = deployment.environment;
  const complete = withAdministrator(by);
  return await Promise.all(all.map(async (request) => ({ request, ...(await decide(complete, accountId, request)) })));
}

/** What was made and would now be refused. */
async function refused(by: Policies, all: readonly AccessRequest[] = requests): Promise<AccessRequest[]> {
  return (await decideAll(by, all)).filter(({ decision }) => decision !== "Allowed").map(({ request }) => request);
}

/** Grants of the platform, of the canary type, and what other types have besides: all else of theirs is the same. */
function proven(by: Policies): Grant[] {
  return grantsOf(by).filter(({ policy, sid }) => {
    const [stack = ""] = policy.split(": ");
    return ["platform", "canary"].includes(stack) || reachedBy(stack).includes(sid);
  });
}

/** Statements that a job type's `deployment.ts` adds, by their IDs. */
function reachedBy(jobType: string): readonly string[] {
  return REACHED[jobType] ?? [];
}

const unused = (by: Policies, used: readonly Decided[]): string[] => {
  const taken = new Set(used.flatMap((request) => request.used));
  return proven(by)
    .map(describeGrant)
    .filter((grant) => !taken.has(grant));
};

/** Grants without which every call would still be allowed. */
async function spare(by: Policies, grants: readonly Grant[]): Promise<string[]> {
  const all = await decideAll(by, requests);
  const found: string[] = [];
  for (const grant of grants) {
    const users = all.filter(({ used }) => used.includes(describeGrant(grant))).map(({ request }) => request);
    const without = withPolicy(by, grant.policy, (policy) => withoutGrant(policy, grant));
    if ((await refused(without, users)).length === 0) found.push(describeGrant(grant));
  }
  return found;
}

describe("every call that a principal makes", () => {
  it("is allowed by the synthesized policies", () => {
    expect(decided.filter(({ decision }) => decision !== "Allowed")).toEqual([]);
  });

  it("was recorded of each who calls AWS by our code", () => {
    const callers = new Set(calls.map(({ accessKey, service }) => `${accessKey} ${service}`));
    expect([...callers].sort()).toEqual([
      "add-job dynamodb",
      "add-job ecs",
      "add-job s3",
      "add-job scheduler",
      "add-job sns",
      "add-job sqs",
      "apigateway lambda",
      "cancel-job dynamodb",
      "cancel-job scheduler",
      "cancel-job sns",
      "control application-autoscaling",
      "control dynamodb",
      "control ecs",
      "control monitoring",
      "control sqs",
      "create-upload dynamodb",
      "create-upload s3",
      "dead-letter dynamodb",
      "dead-letter sns",
      "dead-letter sqs",
      "dead-letter-mapping sqs",
      "on-complete dynamodb",
      "on-complete ecs",
      "on-complete s3",
      "on-complete sns",
      "on-complete sqs",
      "query-job dynamodb",
      "query-job s3",
      "schedule dynamodb",
      "schedule ecs",
      "schedule sns",
      "schedule sqs",
      "sns lambda",
      "why dynamodb",
      "why ecs",
      "why monitoring",
      "why sqs",
      "worker-canary dynamodb",
      "worker-canary ecs",
      "worker-canary s3",
      "worker-canary sns",
      "worker-canary sqs",
      "worker-document dynamodb",
      "worker-document ecs",
      "worker-document s3",
      "worker-document sns",
      "worker-document sqs",
      "worker-order-totals dynamodb",
      "worker-order-totals ecs",
      "worker-order-totals s3",
      "worker-order-totals sns",
      "worker-order-totals sqs",
    ]);
  });

  it("passes the endpoints of the VPC, where a task makes it, or ECS to start one", async () => {
    const inside = new Set(
      JOB_TYPES.flatMap(({ name }) => [workerOf(name), executionOf(name)].map((who) => principals.get(who))),
    );
    const passing = requests
      .filter(({ principal }) => inside.has(principal))
      .flatMap((request) => endpointsOf(policies, request.action).map((throughEndpoint) => ({ ...request, throughEndpoint })));
    expect(new Set(passing.map(({ throughEndpoint }) => throughEndpoint))).toEqual(new Set(policies.endpoint.keys()));
    expect(await refused(policies, passing)).toEqual([]);
  });

  it("would be refused without TLS by every queue, topic and bucket", async () => {
    const guarded = requests.filter(
      ({ action, resource }) => /^(sqs|sns|s3):/.test(action) && ownerOf(resource) !== arnsOf(deployment).orders,
    );
    const insecure = guarded.map((request) => ({ ...request, context: { ...request.context, "aws:SecureTransport": "false" } }));
    const decisions = (await decideAll(policies, insecure)).map(({ decision }) => decision);
    expect(new Set(guarded.map(({ action }) => action.split(":")[0]))).toEqual(new Set(["sqs", "sns", "s3"]));
    expect(new Set(decisions)).toEqual(new Set(["ExplicitlyDenied"]));
  });
});

describe("everything that a policy allows", () => {
  it("is used by some call", () => {
    expect(unused(policies, decided)).toEqual([]);
  });

  it("is needed: without any one grant, some call is refused", async () => {
    expect(await spare(policies, proven(policies))).toEqual([]);
  });

  it("is the same for every job type, but for its name and for what its deployment.ts names", () => {
    const ofType = (jobType: string) =>
      [...policies.identity.values(), ...policies.resource.values()].filter(({ name }) => name.startsWith(`${jobType}: `));
    const own = (jobType: string) =>
      ofType(jobType).map(({ name, statements }) => {
        const common = statements.filter(({ Sid }) => !reachedBy(jobType).includes(Sid));
        return JSON.stringify({ name, common }).replaceAll(jobType, "<type>");
      });
    expect(own("canary")).toHaveLength(6);
    for (const { name } of JOB_TYPES) {
      expect(own(name)).toEqual(own("canary"));
      const reached = ofType(name).flatMap(({ statements }) => statements.map(({ Sid }) => Sid));
      expect(reached.filter((sid) => reachedBy(name).includes(sid)).sort()).toEqual([...reachedBy(name)].sort());
    }
  });
});

describe("the proof itself", () => {
  it("finds the calls that are refused when a statement is missing", async () => {
    const worker = policyOf("canary: aws_iam_role_policy.task_task-role_policy");
    const without = (sid: string) => (policy: Policy) => ({
      ...policy,
      statements: policy.statements.filter(({ Sid }) => Sid !== sid),
    });
    const missing = await refused(withPolicy(policies, worker.name, without("PublishEvents")));
    expect(missing.map(({ principal, action }) => [principal, action])).toEqual([
      [principals.get("worker-canary"), "sns:Publish"],
    ]);
    const queue = policyOf("canary: aws_sqs_queue_policy.queues_jobs-policy");
    const unsent = await refused(withPolicy(policies, queue.name, without("AddJobSends")));
    expect(unsent.map(({ principal, action }) => [principal, action])).toEqual([
      [principals.get("add-job"), "sqs:SendMessage"],
      [principals.get("add-job"), "sqs:GetQueueAttributes"],
    ]);
  });

  it("reports an action that is allowed and that nobody uses, in policies of identities and of resources", async () => {
    for (const [name, action] of [
      ["platform: aws_iam_role_policy.add-job_role_policy", "dynamodb:DeleteItem"],
      ["canary: aws_sqs_queue_policy.queues_jobs-policy", "sqs:ReceiveMessage"],
    ] as const) {
      const loose = withPolicy(policies, name, ({ statements: [first, ...others], ...policy }) => ({
        ...policy,
        statements: [{ ...first!, Action: [...first!.Action, action] }, ...others],
      }));
      const found = unused(loose, await decideAll(loose, requests));
      expect(found).toEqual([expect.stringContaining(`${name} `)]);
      expect(found[0]).toContain(`: ${action} on `);
    }
  });

  it("reports what is allowed a second time", async () => {
    const { name } = policyOf("platform: aws_iam_role_policy.cancel-job_role_policy");
    const twice = withPolicy(policies, name, (policy) => ({
      ...policy,
      statements: [...policy.statements, { ...policy.statements[0]!, Sid: "Again" }],
    }));
    const grants = grantsOf(twice).filter(({ policy, sid }) => policy === name && ["ChangeJobs", "Again"].includes(sid));
    expect(grants).toHaveLength(6);
    expect(await spare(twice, grants)).toEqual(grants.map(describeGrant));
  });

  it("knows every policy that is synthesized", () => {
    const synthesized = [...deployment.stacks].flatMap(([stack, terraform]) =>
      synthesizedPolicies(terraform).map(({ address }) => `${stack}: ${address.replace(/\.(assume_role_)?policy$/, "")}`),
    );
    const known = Object.values(policies).flatMap((byOwner: Policies[keyof Policies]) =>
      [...byOwner.values()].map(({ name }) => name),
    );
    expect(known.filter((name) => !name.includes("aws_lambda_permission")).sort()).toEqual(synthesized.sort());
    const types = new Set([...deployment.stacks.values()].flatMap(({ resource }) => Object.keys(resource)));
    expect([...types].filter((type) => type.startsWith("aws_iam_"))).toEqual(["aws_iam_role", "aws_iam_role_policy"]);
  });

  it("does not know calls that have no rule, or that a stranger signed", () => {
    const call = { accessKey: "add-job", service: "dynamodb", operation: "Scan", input: {} };
    expect(() => requestsOf(call, principals, deployment)).toThrow("no rule says what IAM is asked for dynamodb Scan");
    const stranger = { ...call, accessKey: "mallory", operation: "GetItem" };
    expect(() => requestsOf(stranger, principals, deployment)).toThrow("dynamodb GetItem was signed by mallory");
  });

  it("has a documented source for every call that cannot be recorded", () => {
    const sources = serviceCalls(arnsOf(deployment), PROVEN_TYPES).map(({ source }) => source);
    expect(sources.filter((source) => !/^https:\/\/docs\.aws\.amazon\.com\/.+\.html$/.test(source))).toEqual([]);
  });
});

function policyOf(name: string): Policy {
  const found = [...policies.identity.values(), ...policies.resource.values()].find((policy) => policy.name === name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}
