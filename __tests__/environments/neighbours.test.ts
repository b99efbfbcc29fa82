import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { loadEnvironment } from "../../environments/load.ts";
import { platformNames, roleName } from "../../modules/names.ts";
import { buildEnvironment, buildJobType, synthesized, type Terraform } from "../modules/synthesized.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const base = {
  accountId: "111122223333",
  region: "us-east-1",
  network: { kind: "public", cidr: "10.20.0.0/16", zones: ["us-east-1a"] },
};
const elsewhere = { region: "eu-west-1", network: { ...base.network, zones: ["eu-west-1a"] } };
const s3 = { kind: "s3", bucket: "acme-states", region: "us-east-1", lockfile: true };
const remote = (workspacePrefix: string) => ({
  kind: "remote",
  hostname: "app.terraform.io",
  organization: "acme",
  workspacePrefix,
});

/** Environments of one folder. @returns loads one of them. */
async function folderOf(environments: Readonly<Record<string, object>>) {
  const folder = path.join(await temporaryFolder("environments"), "all");
  await mkdir(folder);
  const define = path.resolve("environments", "define-environment.ts");
  for (const [name, settings] of Object.entries(environments)) {
    const all = JSON.stringify({ name, ...base, backend: s3, ...settings });
    const text = `import { defineEnvironment } from ${JSON.stringify(define)};\nexport default () => defineEnvironment(${all});\n`;
    await writeFile(path.join(folder, `${name}.ts`), text);
  }
  return async (name: string) => await loadEnvironment({ JOBS_ENVIRONMENT: name, ENVIRONMENTS_FOLDER: folder });
}

/** What AWS knows a resource by, within its service: of those that others could have as well. */
const NAMES: Readonly<Record<string, string>> = {
  aws_iam_role: "name",
  aws_cloudwatch_dashboard: "dashboard_name",
  aws_cloudwatch_metric_alarm: "alarm_name",
  aws_cloudwatch_log_group: "name",
  aws_dynamodb_table: "name",
  aws_ecr_repository: "name",
  aws_ecs_cluster: "name",
  aws_ecs_task_definition: "family",
  aws_kms_alias: "name",
  aws_lambda_function: "function_name",
  aws_s3_bucket: "bucket",
  aws_sns_topic: "name",
  aws_sqs_queue: "name",
};

const namesIn = (stacks: readonly Terraform[]): string[] =>
  stacks.flatMap(({ resource, terraform }) => [
    ...Object.entries(NAMES).flatMap(([type, attribute]) =>
      Object.values(resource[type] ?? {}).map((each) => `${type} ${each[attribute]}`),
    ),
    `state ${terraform.backend.s3?.bucket}/${terraform.backend.s3?.key}`,
  ]);

describe("two environments of one account, in two regions", () => {
  it("share no name, no bucket and no state", async () => {
    const load = await folderOf({ us: {}, eu: elsewhere });
    const [us, eu] = await Promise.all(
      ["us", "eu"].map(async (name) => {
        const { platform, jobType } = await synthesized(await load(name), [buildJobType()]);
        return namesIn([platform, jobType]);
      }),
    );
    expect(us?.length).toBeGreaterThan(30);
    expect(new Set(us?.map((name) => name.split(" ")[0])).size).toBe(Object.keys(NAMES).length + 1);
    expect(us?.filter((name) => eu?.includes(name))).toEqual([]);
  });

  it("are refused with one prefix, whatever their regions: roles and dashboards are the account's", async () => {
    const load = await folderOf({ us: { namePrefix: "jobs" }, eu: { ...elsewhere, namePrefix: "jobs" } });
    await expect(load("eu")).rejects.toThrow(
      'environment "eu": namePrefix is "jobs"; allowed: a prefix that does not meet jobs-, which environment "us" has in the same account',
    );
    await expect(load("us")).rejects.toThrow('environment "us": namePrefix is "jobs"');
  });

  it("are refused where a job type's name could close the gap between their prefixes", async () => {
    const [one, other] = ["jobs-prod", "jobs-prod-eu"].map((namePrefix) => buildEnvironment({ namePrefix }));
    if (one === undefined || other === undefined) throw new Error("two environments");
    expect(roleName(one, "eu-report-task")).toBe(roleName(other, "report-task"));
    const load = await folderOf({ prod: {}, "prod-eu": elsewhere });
    for (const name of ["prod", "prod-eu"]) await expect(load(name)).rejects.toThrow(/: namePrefix is "jobs-prod/);
    expect((await (await folderOf({ prod: {}, "eu-prod": elsewhere }))("eu-prod")).region).toBe("eu-west-1");
  });
});

describe("two environments of one account, whose prefixes are apart", () => {
  it("are refused where those of their roles bring the names of roles together, in whatever case of letters", async () => {
    const load = await folderOf({
      one: { namePrefix: "dev", roles: { namePrefix: "Team-" } },
      other: { namePrefix: "team-dev" },
    });
    await expect(load("one")).rejects.toThrow(
      'environment "one": roles.namePrefix is "Team-"; allowed: one with which the names of roles, now team-dev-..., do not meet those of environment "other"',
    );
    await expect(load("other")).rejects.toThrow('environment "other": roles.namePrefix is ""');
    const apart = { roles: { namePrefix: "team-" } };
    expect((await (await folderOf({ one: apart, other: apart }))("one")).roles.namePrefix).toBe("team-");
  });
});

describe("environments of one folder", () => {
  const api = (region: string) => ({
    api: {
      domain: {
        name: "jobs.example.com",
        certificateArn: `arn:aws:acm:${region}:111122223333:certificate/1234abcd-12ab-34cd-56ef-1234567890ab`,
      },
    },
  });

  it("have a domain each in a region", async () => {
    const load = await folderOf({ one: api("us-east-1"), other: api("us-east-1") });
    await expect(load("other")).rejects.toThrow(
      'environment "other": api.domain.name is "jobs.example.com"; allowed: a name that',
    );
    const far = await folderOf({ us: api("us-east-1"), eu: { ...elsewhere, ...api("eu-west-1") } });
    expect((await far("eu")).api.domain?.name).toBe("jobs.example.com");
  });

  it("may have one prefix in different accounts, whose buckets still differ", async () => {
    const other = { accountId: "444455556666", namePrefix: "jobs" };
    const load = await folderOf({ one: { namePrefix: "jobs" }, other });
    const [one, two] = [await load("one"), await load("other")];
    expect(platformNames(one).resultsBucket).not.toBe(platformNames(two).resultsBucket);
  });

  it.each<[string, object, object, string]>([
    ["folder", { kind: "local", path: "states" }, { kind: "local", path: "./states/" }, 'backend.path is "./states/"'],
    ["prefix of workspaces", remote("jobs-"), remote("jobs-other-"), 'backend.workspacePrefix is "jobs-other-"'],
  ])("are refused where their states share a %s", async (_, one, other, message) => {
    await expect((await folderOf({ one: { backend: one }, other: { backend: other } }))("other")).rejects.toThrow(message);
  });

  it("are not held up by one that is wrong, or needs what is not here", async () => {
    const load = await folderOf({ one: {}, wrong: { region: "nowhere" } });
    expect((await load("one")).name).toBe("one");
    await expect(load("wrong")).rejects.toThrow('region is "nowhere"');
  });
});
