import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { ECSClient } from "@aws-sdk/client-ecs";
import { afterEach, describe, expect, it } from "vitest";
import prodEnvironment from "../../environments/prod.ts";
import { imageRepositoryUrl } from "../../modules/worker-image.ts";
import { endWaitForImage } from "../../scripts/waiting-service.ts";

const environment = prodEnvironment();
const reference = `${imageRepositoryUrl(environment, "canary")}:0123456789abcdef`;
const CLUSTER = "arn:aws:ecs:us-east-1:444455556666:cluster/jobs-prod";

const service = ({ running = 0, status = "ACTIVE" } = {}) => ({
  services: [
    {
      status,
      deployments: [
        { status: "ACTIVE", runningCount: 3, taskDefinition: "jobs-prod-canary:6" },
        { status: "PRIMARY", runningCount: running, taskDefinition: "jobs-prod-canary:7" },
      ],
    },
  ],
});
const definition = (image = reference) => ({ taskDefinition: { containerDefinitions: [{ image }] } });
const refusal = (name: string) => ({ __type: name, message: "refused" });

type Answers = Readonly<Record<string, object>>;
const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

/** ECS that answers each operation in one way, and keeps what it was asked. */
async function ecsThatAnswers(answers: Answers) {
  const calls: { operation: string; input: Record<string, unknown> }[] = [];
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    const operation = String(request.headers["x-amz-target"]).split(".")[1] ?? "";
    calls.push({ operation, input: JSON.parse(text) });
    const answer = answers[operation] ?? {};
    response.statusCode = "__type" in answer ? 400 : 200;
    response.setHeader("content-type", "application/x-amz-json-1.1").end(JSON.stringify(answer));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = new ECSClient({ endpoint, region: "us-east-1", credentials: { accessKeyId: "a", secretAccessKey: "b" } });
  stops.push(() => {
    client.destroy();
    server.closeAllConnections();
    server.close();
  });
  return { calls, told: await endWaitForImage(client, environment, { jobType: "canary", reference }) };
}

describe("an image that comes after the tasks that need it", () => {
  it("starts a new deployment of its service, which changes nothing else", async () => {
    const { calls, told } = await ecsThatAnswers({ DescribeServices: service(), DescribeTaskDefinition: definition() });
    expect(calls).toEqual([
      { operation: "DescribeServices", input: { cluster: CLUSTER, services: ["canary"] } },
      { operation: "DescribeTaskDefinition", input: { taskDefinition: "jobs-prod-canary:7" } },
      { operation: "UpdateService", input: { cluster: CLUSTER, service: "canary", forceNewDeployment: true } },
    ]);
    expect(told).toMatch(/^no task of the service canary in jobs-prod was running this image: started a new deployment/);
  });

  it.each<[string, Answers]>([
    ["the platform is not there yet", { DescribeServices: refusal("ClusterNotFoundException") }],
    ["its service is not there yet", { DescribeServices: { services: [], failures: [{ reason: "MISSING" }] } }],
    ["its service was destroyed", { DescribeServices: service({ status: "INACTIVE" }) }],
    ["a task runs it already", { DescribeServices: service({ running: 1 }) }],
    ["tasks run another image", { DescribeServices: service(), DescribeTaskDefinition: definition(`${reference}0`) }],
  ])("changes and says nothing where %s", async (_, answers) => {
    const { calls, told } = await ecsThatAnswers({ DescribeTaskDefinition: definition(), ...answers });
    expect(calls.map(({ operation }) => operation)).not.toContain("UpdateService");
    expect(told).toBeUndefined();
  });

  it.each(["DescribeServices", "DescribeTaskDefinition", "UpdateService"])(
    "says which command ends the wait where whoever pushes may not call %s",
    async (operation) => {
      const answers = { DescribeServices: service(), DescribeTaskDefinition: definition() };
      const { told } = await ecsThatAnswers({ ...answers, [operation]: refusal("AccessDeniedException") });
      expect(told).toContain("AccessDeniedException: refused");
      expect(told).toContain(
        "\n  aws ecs update-service --region us-east-1 --cluster jobs-prod --service canary --force-new-deployment",
      );
    },
  );
});
