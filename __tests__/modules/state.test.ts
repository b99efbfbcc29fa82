import { mkdir, symlink } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import type { Backend } from "../../environments/environment.ts";
import { synthesize } from "../../modules/synthesize.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { buildBundles, buildEnvironment, buildJobType, readStack, synthesized } from "./synthesized.ts";

const withBackend = async (backend: Backend) => await synthesized(buildEnvironment({ backend }));

describe("the state of a stack", () => {
  it("is an object of its own in S3, locked by a file beside it", async () => {
    const { platform, jobType } = await withBackend({ kind: "s3", bucket: "states", region: "eu-west-1", lockfile: true });
    const common = { bucket: "states", region: "eu-west-1", encrypt: true };
    const lock = { use_lockfile: true };
    const key = "autoscaling-job-queues/test/platform.tfstate";
    expect(platform.terraform.backend.s3).toEqual({ ...common, ...lock, key });
    expect(jobType.terraform.backend.s3).toEqual({ ...common, ...lock, key: "autoscaling-job-queues/test/report.tfstate" });
    expect(jobType.data?.terraform_remote_state?.platform).toEqual({
      backend: "s3",
      config: { ...common, key },
      lifecycle: { postcondition: [expect.anything()] },
    });
  });

  it("is a named workspace of HCP Terraform", async () => {
    const { platform, jobType } = await withBackend({
      kind: "remote",
      hostname: "app.terraform.io",
      organization: "example",
      workspacePrefix: "jobs-test-",
    });
    const names = [platform, jobType].map(
      ({ terraform }) => (terraform.cloud as { workspaces: { name: string } }).workspaces.name,
    );
    expect(names).toEqual(["jobs-test-platform", "jobs-test-report"]);
    expect(jobType.data?.terraform_remote_state?.platform).toMatchObject({
      backend: "remote",
      config: { organization: "example", workspaces: { name: "jobs-test-platform" } },
    });
  });

  it("is a file of its own below the project's root, wherever the stacks are written", async () => {
    const { platform, jobType, outputFolder } = await withBackend({ kind: "local", path: "states" });
    const { config } = jobType.data?.terraform_remote_state?.platform ?? {};
    const from = (stack: string, file: unknown) => path.resolve(outputFolder, "stacks", stack, String(file));
    expect(from("platform", platform.terraform.backend.local?.path)).toBe(path.resolve("states/platform.tfstate"));
    expect(from("report", jobType.terraform.backend.local?.path)).toBe(path.resolve("states/report.tfstate"));
    expect(from("report", config.path)).toBe(path.resolve("states/platform.tfstate"));
    expect(path.isAbsolute(config.path)).toBe(false);
  });

  it("is found past a link that leads to the stacks", async () => {
    const root = await temporaryFolder("linked");
    await mkdir(path.join(root, "a/b/c"), { recursive: true });
    await symlink(path.join(root, "a/b/c"), path.join(root, "link"));
    await synthesize({
      environment: buildEnvironment(),
      jobTypes: [],
      handlersFolder: await buildBundles(),
      outputFolder: path.join(root, "link", "out"),
    });
    const { terraform } = await readStack(path.join(root, "link", "out"), "platform");
    const folder = path.join(root, "a/b/c/out/stacks/platform");
    expect(path.resolve(folder, String(terraform.backend.local?.path))).toBe(path.resolve("states/platform.tfstate"));
  });

  it("is below that folder whatever its name: Terraform evaluates nothing in it", async () => {
    const { platform, jobType } = await withBackend({ kind: "local", path: `/states/$\{path.cwd}` });
    // Where it is read Terraform would evaluate it; in a backend it would not, and take an escape as it stands (1.11.4).
    expect(platform.terraform.backend.local).toEqual({ path: `/states/$\{path.cwd}/platform.tfstate` });
    expect(jobType.data?.terraform_remote_state?.platform).toMatchObject({
      config: { path: "/states/$${path.cwd}/platform.tfstate" },
    });
  });

  it("is encrypted with the organization's own key where one is named", async () => {
    const { platform } = await withBackend({
      kind: "s3",
      bucket: "states",
      region: "eu-west-1",
      lockfile: false,
      kmsKeyId: "alias/states",
    });
    expect(platform.terraform.backend.s3).toMatchObject({ kms_key_id: "alias/states" });
    expect(platform.terraform.backend.s3).not.toHaveProperty("use_lockfile");
  });
});

describe("an organization's rules for roles", () => {
  it("reach every role: path, prefix and boundary", async () => {
    const permissionsBoundaryArn = "arn:aws:iam::111122223333:policy/boundary";
    const { platform, jobType } = await synthesized(
      buildEnvironment({ roles: { path: "/teams/jobs/", namePrefix: "acme-", permissionsBoundaryArn } }),
    );
    const roles = [platform, jobType].flatMap(({ resource }) => Object.values(resource.aws_iam_role ?? {}));
    expect(roles).toHaveLength(13);
    for (const role of roles) {
      expect(role).toMatchObject({ path: "/teams/jobs/", permissions_boundary: permissionsBoundaryArn });
      expect(role.name).toMatch(/^acme-jobs-test-/);
    }
  });

  it("stop the synthesis where a role's name would be too long", async () => {
    const environment = buildEnvironment({ namePrefix: "jobs-long-prefix", roles: { namePrefix: "acme-long-" } });
    await expect(synthesized(environment, [buildJobType({ name: "a-name-of-thirty-two-characters" })])).rejects.toThrow(
      /roles.namePrefix and namePrefix is ".*"; allowed: \d+ characters less; a role's name has at most 64/,
    );
  });
});

describe("authorization", () => {
  it("is by bearer tokens where the environment says so, on every route", async () => {
    const { platform } = await synthesized(
      buildEnvironment({ authorization: { kind: "jwt", issuer: "https://issuer.example", audience: ["jobs"] } }),
    );
    const routes = Object.values(platform.resource.aws_apigatewayv2_route ?? {});
    expect(new Set(routes.map(({ authorization_type }) => authorization_type))).toEqual(new Set(["JWT"]));
    expect(Object.values(platform.resource.aws_apigatewayv2_authorizer ?? {})).toMatchObject([
      { jwt_configuration: { issuer: "https://issuer.example", audience: ["jobs"] } },
    ]);
  });
});
