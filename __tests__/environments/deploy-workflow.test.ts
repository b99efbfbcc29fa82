import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import prodEnvironment from "../../environments/prod.ts";

const WORKFLOW = "docs/examples/deploy.yml";

/** The text before the jobs, and that of each job by its name. */
async function workflow() {
  const [head = "", jobs = ""] = (await readFile(WORKFLOW, "utf8")).split("\njobs:\n");
  const named = jobs.split(/^(?= {2}[\w-]+:$)/m).map((text) => [/^ {2}([\w-]+):/.exec(text)?.[1] ?? "", text] as const);
  return { head, jobs: new Map(named) };
}

describe("the example of a deployment by GitHub Actions", () => {
  it("gives only the jobs that assume a role a token to assume it with", async () => {
    const { head, jobs } = await workflow();
    expect(head).toMatch(/^permissions:\n {2}contents: read\n\n/m);
    const withToken = [...jobs].filter(([, text]) => text.includes("permissions: { contents: read, id-token: write }"));
    const withRole = [...jobs].filter(([, text]) => text.includes("role-to-assume"));
    expect(withToken.map(([name]) => name)).toEqual(withRole.map(([name]) => name));
    expect([...jobs.keys()].filter((name) => !withRole.some(([other]) => other === name))).toEqual(["synth"]);
  });

  it("deploys from the environment that the role's trust names, after packages were installed without credentials", async () => {
    const { head, jobs } = await workflow();
    const deploying = [...jobs.values()].filter((text) => text.includes("vars.DEPLOY_ROLE"));
    expect(deploying).toHaveLength(2);
    for (const text of deploying) {
      expect(text).toContain(`environment: ${prodEnvironment().name}\n`);
      expect(text.indexOf("npm ci")).toBeLessThan(text.indexOf("configure-aws-credentials"));
    }
    expect(head).toContain(
      `DEPLOY_ROLE  also writes, after an approval  repo:<owner>/<repository>:environment:${prodEnvironment().name}`,
    );
  });

  it("runs no install script of a package that package.json does not allow", async () => {
    const { jobs } = await workflow();
    const installing = [...jobs.values()].filter((text) => text.includes("npm ci"));
    expect(installing).toHaveLength(3);
    for (const text of installing)
      expect(text).toMatch(/npm ci --ignore-scripts\n +npm rebuild \$\(jq .*allowScripts.* package\.json\)/);
  });
});

describe("the commands of that example", () => {
  it("find the project in a repository that has it as a submodule", async () => {
    const text = await readFile(WORKFLOW, "utf8");
    const scripts = [...text.matchAll(/npm run (.+)$/gm)].map(([, command = ""]) => command);
    expect(scripts).toHaveLength(4);
    expect(scripts.filter((command) => !command.includes('--prefix "$PLATFORM"'))).toEqual([]);
    const checkouts = text.match(/uses: actions\/checkout.+\n.+/g) ?? [];
    expect(checkouts).toHaveLength(3);
    for (const checkout of checkouts) expect(checkout).toContain("with: { submodules: true }");
  });

  it("run one version of Terraform, as a saved plan is applied by the version that made it", async () => {
    const steps = (await readFile(WORKFLOW, "utf8")).match(/uses: hashicorp\/setup-terraform.+\n.+/g) ?? [];
    expect(steps).toHaveLength(5);
    for (const step of steps) expect(step).toMatch(/terraform_version: "\$\{\{ env\.TERRAFORM_VERSION \}\}"/);
  });
});

describe("the actions of that example", () => {
  it("are pinned to commits, each with its version, and each action to one", async () => {
    const used = [...(await readFile(WORKFLOW, "utf8")).matchAll(/uses: (.+)$/gm)].map(([, action = ""]) => action);
    expect(used.filter((action) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(action))).toEqual([]);
    const names = new Set(used.map((action) => action.split("@")[0]));
    expect(names.size).toBe(new Set(used).size);
    expect(names.size).toBe(7);
  });
});

describe("the last job of that example", () => {
  it("pushes each image after the apply as well, which ends ECS's wait for the first one, and lists its packages", async () => {
    const { jobs } = await workflow();
    const steps = jobs.get("apply-types") ?? "";
    const order = ["terraform apply plan", "image -- ", "npm sbom"].map((text) => steps.lastIndexOf(text));
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(order[0]).toBeGreaterThan(0);
  });
});

describe("the job of that example that looks at states", () => {
  it("runs on pull requests and after a merge, and fails where npm run states does", async () => {
    const text = (await workflow()).jobs.get("states") ?? "";
    expect(text).not.toMatch(/^ {4}if:/m);
    // In a pipe or within echo, the command's exit code would be lost.
    expect(text).toContain('\n          states=$(npm run --silent --prefix "$PLATFORM" states -- --json)\n');
    expect(text).toContain('echo "platform=$(jq .platform <<< "$states")" >> "$GITHUB_OUTPUT"');
  });

  it("spares job types a plan that must fail, before the platform was applied", async () => {
    const text = (await workflow()).jobs.get("review") ?? "";
    expect(text).toContain("needs: [synth, states]");
    const [told, planned] = [...text.matchAll(/- if: (.+)$/gm)].map(([, condition]) => condition);
    expect(told).toBe("matrix.stack != 'platform' && needs.states.outputs.platform == '0'");
    expect(planned).toBe("matrix.stack == 'platform' || needs.states.outputs.platform != '0'");
    expect(text.indexOf(`if: ${planned}`)).toBeLessThan(text.indexOf("terraform plan"));
  });
});

describe("the guide to deploying", () => {
  it("names the concurrency that production's Lambdas need of the account: what they reserve, and 100 for all others", async () => {
    const reserved = Object.values(prodEnvironment().lambda.reservedConcurrency).reduce((sum, each) => sum + each, 0);
    const guide = (await readFile("docs/deploy.md", "utf8")).replace(/\s+/g, " ");
    expect(guide).toContain(
      `\`prod\` reserves ${reserved}, so its quota (Service Quotas, L-B99A9384) must be at least ${reserved + 100};`,
    );
  });

  it("names the provider's version that production is pinned to", async () => {
    expect(await readFile("docs/deploy.md", "utf8")).toContain(
      `providerVersion: "${prodEnvironment().terraform.providerVersion}"`,
    );
  });
});
