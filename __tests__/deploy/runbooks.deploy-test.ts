import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { PurgeQueueCommand } from "@aws-sdk/client-sqs";
import { DeleteCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, inject, it, vi } from "vitest";
import { jobIdForKey } from "../../domain/job-id.ts";
import { ENVIRONMENT_TAG, JOB_TYPE_TAG } from "../../domain/tags.ts";
import { startGateway } from "../../local/aws/gateway.ts";
import type { ListeningServer } from "../../local/aws/listening.ts";
import { jobTypeNames, platformNames } from "../../modules/names.ts";
import { PLATFORM_STACK } from "../../modules/platform-outputs.ts";
import { CLI } from "../cli/run-cli.ts";
import { hasProgram } from "../support/programs.ts";
import { blockWith, runbook, shellBlocks } from "../support/runbooks.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { type DeployedPlatform, startDeployedPlatform } from "./deployed-platform.ts";
import { deployedContainer, deployedService } from "./deployed-service.ts";
import { stackFolder, terraformOf } from "./deployment.ts";
import { differenceLines, JOB_TYPE_DIFFERENCES, PLATFORM_DIFFERENCES } from "./known-differences.ts";
import { type Plan, plannedDifferences } from "./plan-differences.ts";
import { runCaptured } from "./run-captured.ts";
import { applySecondRegion, SECOND_TYPE, type SecondRegion } from "./second-region.ts";
import { terraformEnvironment } from "./terraform.ts";

/**
 * The runbooks of docs/operations.md on the local AWS, in an environment of another region that is applied for them: their commands run as
 * they are written, with its names. It takes the AWS CLI.
 */

const first = inject("deployment");
const LONG = { timeout: 180_000, interval: 200 };

let second: SecondRegion;
let platform: DeployedPlatform;
let names: ReturnType<typeof platformNames>;
let gateway: ListeningServer;

/** `npm run jobs -- …` by the command itself, where no other platform is found; all else by npm. */
const NPM = `
npm() {
  case " $* " in
    *" jobs -- "*) while [ "$1" != -- ]; do shift; done; shift; (cd / && "${process.execPath}" "${CLI}" "$@") ;;
    *) command npm "$@" ;;
  esac
}
`;

/** The commands of a runbook, with the names that there are here. */
const commandsOf = (title: string): string[] =>
  runbook(title, {
    "jobs-prod": second.environment.namePrefix,
    prod: second.environment.name,
    document: SECOND_TYPE,
    "cdktf.out/stacks": path.join(second.deployment.outputFolder, "stacks"),
  });

/** Runs commands as an operator does, in the checkout. @returns what they print. */
async function shell(commands: string): Promise<string> {
  const { tools, cliConfigurations } = second.deployment;
  const environment = {
    ...terraformEnvironment(process.env, cliConfigurations.mirror),
    ...platform.aws.variables,
    AWS_DEFAULT_REGION: second.environment.region,
    ...second.variables,
    PATH: `${path.dirname(tools.terraform)}:${process.env.PATH}`,
    JOBS_API_URL: gateway.address,
    // What whoever types them answers.
    TF_CLI_ARGS_apply: "-auto-approve -input=false",
  };
  const { code, stdout, stderr } = await runCaptured("bash", ["--norc", "-euo", "pipefail", "-c", `${NPM}${commands}`], {
    environment,
  });
  if (code !== 0) throw new Error(`${commands}\nended with ${code}:\n${stdout}\n${stderr}`);
  return stdout;
}

const add = async (text: string): Promise<string> => {
  const { status, body } = await platform.lambdas.request("addJob", { body: { type: SECOND_TYPE, input: { text } } });
  expect({ status, body }).toMatchObject({ status: 202 });
  return body.id;
};
const jobIn = async (status: string, id: string) =>
  await vi.waitFor(async () => {
    const { body } = await platform.lambdas.request("getJob", { id });
    expect(body).toMatchObject({ status });
    return body;
  }, LONG);

/** Has a worker do the jobs that wait. */
async function work(...ids: readonly string[]) {
  const worker = await platform.startWorker(SECOND_TYPE);
  const jobs = await Promise.all(ids.map((id) => jobIn("SUCCEEDED", id)));
  worker.terminate();
  expect(await worker.exit).toBe(0);
  return jobs;
}

const STACKS = [PLATFORM_STACK, SECOND_TYPE];
const differencesOf = async (stack: string): Promise<readonly string[]> => {
  const terraform = terraformOf(second.deployment, `west-${stack}`);
  return plannedDifferences((await terraform.plan(stackFolder(second.deployment.outputFolder, stack))) as Plan);
};

describe.runIf(hasProgram("aws"))("runbooks", () => {
  beforeAll(async () => {
    second = await applySecondRegion(first, await temporaryFolder("runbooks"));
    platform = await startDeployedPlatform(second.deployment, second.environment);
    names = platformNames(second.environment);
    gateway = await startGateway(platform.lambdas.invoke, 0);
  }, 900_000);
  afterAll(async () => {
    await gateway?.stop();
    await platform?.stop();
  });

  describe("a lost region", () => {
    it("another one does jobs, in tables and queues of its own", async () => {
      const [job] = await work(await add("to be or not to be"));
      expect(job).toMatchObject({ result: { words: 6 } });
      const table = await shell(
        `aws dynamodb describe-table --table-name ${names.jobsTable} --query Table.TableArn --output text`,
      );
      expect(table).toBe(`arn:aws:dynamodb:us-west-2:${second.environment.accountId}:table/${names.jobsTable}\n`);
    });

    it("a job that its caller adds again under its key has the ID that it had", async () => {
      const headers = { "idempotency-key": "order-17" };
      const body = { type: SECOND_TYPE, input: { text: "again" } };
      const { body: job } = await platform.lambdas.request("addJob", { headers, body });
      // Neither the caller nor the ID knows a region.
      expect(job.owner).not.toContain("us-west-2");
      expect(job.id).toBe(jobIdForKey(SECOND_TYPE, job.owner, "order-17"));
      await work(job.id);
    });
  });

  describe("jobs fail after a deploy", () => {
    const commands = () => commandsOf("jobs fail after a deploy");
    const imageTag = async () => {
      const { image } = await deployedContainer(platform.aws, await deployedService(platform.aws, platform.cluster, SECOND_TYPE));
      return image.slice(image.lastIndexOf(":") + 1);
    };

    it("the image before is found, and runs again after an apply with its tag", async () => {
      const before = await imageTag();
      const goTo = async (tag: string) => await shell(blockWith(commands(), "image_tag=").replace("0123456789abcdef", tag));
      await goTo("feedfacefeedface");
      expect(await imageTag()).toBe("feedfacefeedface");
      const revisions = await shell(blockWith(commands(), "list-task-definitions"));
      expect(revisions.split("\n").filter((line) => line.endsWith(`:${before}`))).toHaveLength(1);
      await goTo(before);
      expect(await imageTag()).toBe(before);
      expect(await shell(blockWith(commands(), "describe-services"))).toContain(
        `task-definition/${names.cluster}-${SECOND_TYPE}:`,
      );
      expect(differenceLines(JOB_TYPE_DIFFERENCES)).toEqual(expect.arrayContaining([...(await differencesOf(SECOND_TYPE))]));
    });
  });

  describe("pause and drain", () => {
    const commands = () => commandsOf("pause and drain");
    const ALL = { DynamicScalingInSuspended: true, DynamicScalingOutSuspended: true, ScheduledScalingSuspended: true };
    /** What a pause switches, as AWS describes it. */
    const switched = async () => {
      const { aws, cluster } = platform;
      const { desiredCount } = await deployedService(aws, cluster, SECOND_TYPE);
      const { ScalableTargets } = (await aws.call("application-autoscaling", "AnyScaleFrontendService.DescribeScalableTargets", {
        ServiceNamespace: "ecs",
        ResourceIds: [`service/${cluster}/${SECOND_TYPE}`],
      })) as { readonly ScalableTargets: readonly { readonly SuspendedState?: Readonly<Record<string, boolean>> }[] };
      const { MetricAlarms } = (await aws.call("monitoring", "GraniteServiceVersion20100801.DescribeAlarms", {
        AlarmNamePrefix: `${second.environment.namePrefix}-${SECOND_TYPE}-`,
      })) as { readonly MetricAlarms: readonly { readonly AlarmName: string; readonly ActionsEnabled: boolean }[] };
      const silent = MetricAlarms.filter(({ ActionsEnabled }) => !ActionsEnabled).map(({ AlarmName }) => AlarmName);
      return { desiredCount, suspended: ScalableTargets.map(({ SuspendedState }) => SuspendedState), silent: silent.sort() };
    };

    it("a type that is paused stays so through plans and applies, until it is resumed", async () => {
      const { alarm } = jobTypeNames(second.environment, SECOND_TYPE);
      const paused = { desiredCount: 0, suspended: [ALL], silent: [alarm("no-worker"), alarm("oldest-message")] };
      // What moto answers otherwise than AWS, and nothing else.
      const known = await differencesOf(SECOND_TYPE);
      expect(differenceLines(JOB_TYPE_DIFFERENCES)).toEqual(expect.arrayContaining([...known]));
      // It wakes the service, and waits through the pause.
      const waiting = await add("waits");
      expect(await switched()).toMatchObject({ desiredCount: 1, silent: [] });
      await shell(blockWith(commands(), "is being upgraded").replace(/^.*--watch.*$/gm, ""));
      expect(await switched()).toEqual(paused);
      expect(await differencesOf(SECOND_TYPE)).toEqual(known);

      // Another setting of an alarm, and nothing else: one that a pause has silenced, as Terraform then sends all that it has.
      const folder = stackFolder(second.deployment.outputFolder, SECOND_TYPE);
      const file = path.join(folder, "cdk.tf.json");
      const text = await readFile(file, "utf8");
      await writeFile(file, text.replaceAll("Messages of job type", "The messages of job type"));
      const changed = ["update aws_cloudwatch_metric_alarm.alarms_no-worker alarm_description"];
      expect(await differencesOf(SECOND_TYPE)).toEqual([...known, ...changed].sort());
      const terraform = terraformOf(second.deployment, `west-${SECOND_TYPE}`);
      await terraform.apply(folder);
      expect(await switched()).toEqual(paused);
      await writeFile(file, text);

      await shell(blockWith(commands(), "jobs -- resume"));
      const resumed = await switched();
      expect(resumed).toMatchObject({ desiredCount: 1, silent: [] });
      expect(resumed.suspended.flatMap((state) => Object.values(state ?? {}))).not.toContain(true);
      await terraform.apply(folder);
      expect(known).toEqual(expect.arrayContaining([...(await differencesOf(SECOND_TYPE))]));
      expect(await switched()).toEqual(resumed);
      await work(waiting);
    });
  });

  describe("what this month costs, by type", () => {
    it.each(STACKS)("every resource of %s that takes tags has those that costs are grouped by", async (stack) => {
      const terraform = terraformOf(second.deployment, `west-${stack}`);
      const instances = await terraform.attributes(stackFolder(second.deployment.outputFolder, stack));
      const untold = JOB_TYPE_DIFFERENCES.filter(({ attribute }) => attribute === "tags_all").map(({ address }) => address);
      const tagged = instances.filter(({ address, attributes }) => "tags_all" in attributes && !untold.includes(address));
      const expected = {
        [ENVIRONMENT_TAG]: second.environment.name,
        ...(stack === PLATFORM_STACK ? {} : { [JOB_TYPE_TAG]: stack }),
      };
      expect(tagged.length).toBeGreaterThan(8);
      for (const { address, attributes } of tagged) expect(attributes.tags_all, address).toMatchObject(expected);
    });

    it("costs are asked for by type, and what drives them", async () => {
      const groups = ["job-type$", `job-type$${SECOND_TYPE}`].map((tag) => ({
        Keys: [tag, "Amazon Elastic Container Service"],
        Metrics: { UnblendedCost: { Amount: "1.5", Unit: "USD" } },
      }));
      const answer = { ResultsByTime: [{ Groups: groups }], DimensionValueAttributes: [] };
      const prepare = `${first.endpoint}/moto-api/static/ce/cost-and-usage-results`;
      await fetch(prepare, { method: "POST", body: JSON.stringify({ results: [answer] }) });
      const commands = commandsOf("what this month costs, by type");
      const printed = await shell(blockWith(commands, "get-cost-and-usage"));
      expect(printed.split("\n")[1]).toBe(`job-type$${SECOND_TYPE}\tAmazon Elastic Container Service\t1.5`);
      expect(Number(await shell(blockWith(commands, "get-metric-statistics")))).toBe(0);
    });
  });

  describe("restore the table to a point in time", () => {
    const commands = () => commandsOf("restore the table to a point in time");
    const purge = async () =>
      await platform.aws.clients.sqs.send(new PurgeQueueCommand({ QueueUrl: platform.jobType(SECOND_TYPE).queueUrl }));

    it("puts back a job that has ended since and was deleted, and it runs", async () => {
      const [lost, kept] = [await add("lost"), await add("kept")];
      // moto has no past: the table is restored before the damage, as it is then.
      await shell(blockWith(commands(), "restore-date-time"));
      await work(lost, kept);
      await platform.aws.clients.dynamoDb.send(new DeleteCommand({ TableName: names.jobsTable, Key: { id: lost } }));
      await shell(blockWith(commands(), "jobs -- pause"));
      const printed = await shell(blockWith(commands(), "--dry-run"));
      expect(printed).toContain("1 would be put back");
      expect(printed).toContain("1 were put back, 0 were replaced");
      await shell(blockWith(commands(), "jobs -- resume"));
      const [job] = await work(lost);
      expect(job.version).toBeGreaterThan(1_000);
      expect(await differencesOf(PLATFORM_STACK)).toEqual(differenceLines(PLATFORM_DIFFERENCES));
    });

    it("puts the table back under its name where it is gone, and Terraform mends it in place", async () => {
      const waiting = await add("waiting");
      // What AWS makes of a table that is deleted.
      const backup = `--table-name ${names.jobsTable} --backup-name '${names.jobsTable}$DeletedTableBackup'`;
      await shell(`aws dynamodb create-backup ${backup}; aws dynamodb delete-table --table-name ${names.jobsTable}`);
      await purge();
      const [beforeApply = "", apply = ""] = blockWith(commands(), "list-backups").split(/^(?=.*apply plan$)/m);
      await shell(beforeApply);
      const planned = await differencesOf(PLATFORM_STACK);
      const known = differenceLines(PLATFORM_DIFFERENCES);
      const more = planned.filter((line) => !known.includes(line));
      expect(more.length).toBeGreaterThan(0);
      for (const line of more) expect(line).toMatch(/^update aws_dynamodb_table.jobs_table /);
      expect(await shell(apply)).toMatch(/: [1-9]\d* messages were sent/);
      await work(waiting);
      // moto restores a table without its key, and UpdateTable does not give it one.
      expect(await differencesOf(PLATFORM_STACK)).toEqual([
        "update aws_dynamodb_table.jobs_table server_side_encryption",
        ...known,
      ]);
    });
  });
});

/**
 * In place of the commands of a block: the AWS CLI checks its parameters by the services' models before it calls, and nobody is there whom it
 * could reach. `--cli-binary-format` is of its version 2 alone, and means what version 1 does anyway.
 */
const CHECKED = `
aws() {
  local args=()
  for arg in "$@"; do case $arg in --cli-binary-format | raw-in-base64-out) ;; *) args+=("$arg") ;; esac; done
  command aws "\${args[@]}" > /dev/null 2> error
  grep -q "Could not connect to the endpoint URL" error || echo "aws $*: $(cat error)" >> wrong
  echo "$1 $2" >> checked
  echo arn:aws:dynamodb:us-east-1:444455556666:table/answer
}
terraform() { echo output; }
npm() { echo output; }
curl() { :; }
jq() { echo value; }
echo '{}' > event.json
`;

describe.runIf(hasProgram("aws"))("the AWS CLI's commands of docs/operations.md", () => {
  it("have parameters that the services take", async () => {
    const cwd = await temporaryFolder("checked");
    const { AWS_PROFILE: _, ...variables } = process.env;
    const nobody = { AWS_ENDPOINT_URL: "http://127.0.0.1:1", AWS_MAX_ATTEMPTS: "1", AWS_DEFAULT_REGION: "us-east-1" };
    const environment = { ...variables, ...nobody, id: "document_01JCQ8N6V4W2X9Y7Z5T3R1P0MK" };
    for (const block of shellBlocks(await readFile("docs/operations.md", "utf8"))) {
      const { stderr } = await runCaptured("bash", ["-c", `${CHECKED}${block}`], { cwd, environment });
      expect(stderr, block).toBe("");
    }
    expect(await readFile(path.join(cwd, "wrong"), "utf8").catch(() => "")).toBe("");
    const checked = await readFile(path.join(cwd, "checked"), "utf8");
    expect(checked.split("\n").length).toBeGreaterThan(25);
    expect(checked).toContain("ce get-cost-and-usage\n");
  });
});
