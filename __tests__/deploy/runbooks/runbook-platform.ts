import path from "node:path";
import { expect, vi } from "vitest";
import { startGateway } from "../../../local/aws/gateway.ts";
import { platformNames } from "../../../modules/names.ts";
import { CLI } from "../../cli/run-cli.ts";
import { runbook } from "../../support/runbooks.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { type DeployedPlatform, startDeployedPlatform } from "../deployed-platform.ts";
import { type Deployment, stackFolder, terraformOf } from "../deployment.ts";
import { type Plan, plannedDifferences } from "../plan-differences.ts";
import { runCaptured } from "../run-captured.ts";
import { applySecondRegion, SECOND_TYPE, type SecondRegion } from "../second-region.ts";
import { type Terraform, terraformEnvironment } from "../terraform.ts";

// biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
type JobBody = any;

/** An environment on the local AWS in another region, and an operator of it in the checkout. */
export interface RunbookPlatform {
  readonly second: SecondRegion;
  readonly platform: DeployedPlatform;
  readonly names: ReturnType<typeof platformNames>;
  /** The commands of a runbook, with the names that there are here. */
  readonly commandsOf: (title: string) => string[];
  /** Runs commands as an operator does. @returns what they print. */
  readonly shell: (commands: string) => Promise<string>;
  /** Adds a job. @returns its ID. */
  readonly add: (text: string) => Promise<string>;
  /** Has a worker do the jobs that wait. @returns them, SUCCEEDED. */
  readonly work: (...ids: readonly string[]) => Promise<JobBody[]>;
  readonly terraform: (stack: string) => Terraform;
  /** Of the Terraform of a stack. */
  readonly folder: (stack: string) => string;
  /** What a plan of a stack would change. */
  readonly differencesOf: (stack: string) => Promise<readonly string[]>;
  stop(): Promise<void>;
}

const LONG = { timeout: 180_000, interval: 200 };

/** `npm run jobs -- …` by the command itself, where no other platform is found; all else by npm. */
const NPM = `
npm() {
  case " $* " in
    *" jobs -- "*) while [ "$1" != -- ]; do shift; done; shift; (cd / && "${process.execPath}" "${CLI}" "$@") ;;
    *) command npm "$@" ;;
  esac
}
`;

/** Applies the environment, and starts what was deployed. */
export async function startRunbookPlatform(first: Deployment): Promise<RunbookPlatform> {
  const second = await applySecondRegion(first, await temporaryFolder("runbooks"));
  const platform = await startDeployedPlatform(second.deployment, second.environment);
  const gateway = await startGateway(platform.lambdas.invoke, 0);
  const { environment, deployment, variables } = second;
  const folder = (stack: string): string => stackFolder(deployment.outputFolder, stack);
  const terraform = (stack: string): Terraform => terraformOf(deployment, `west-${stack}`);
  const succeeded = async (id: string): Promise<JobBody> =>
    await vi.waitFor(async () => {
      const { body } = await platform.lambdas.request("getJob", { id });
      expect(body).toMatchObject({ status: "SUCCEEDED" });
      return body;
    }, LONG);
  return {
    second,
    platform,
    names: platformNames(environment),
    terraform,
    folder,
    commandsOf: (title) =>
      runbook(title, {
        "jobs-prod": environment.namePrefix,
        prod: environment.name,
        document: SECOND_TYPE,
        "cdktf.out/stacks": path.join(deployment.outputFolder, "stacks"),
      }),
    shell: async (commands) => {
      const { tools, cliConfigurations } = deployment;
      const shellEnvironment = {
        ...terraformEnvironment(process.env, cliConfigurations.mirror),
        ...platform.aws.variables,
        AWS_DEFAULT_REGION: environment.region,
        ...variables,
        PATH: `${path.dirname(tools.terraform)}:${process.env.PATH}`,
        JOBS_API_URL: gateway.address,
        // What whoever types them answers.
        TF_CLI_ARGS_apply: "-auto-approve -input=false",
      };
      const args = ["--norc", "-euo", "pipefail", "-c", `${NPM}${commands}`];
      const { code, stdout, stderr } = await runCaptured("bash", args, { environment: shellEnvironment });
      if (code !== 0) throw new Error(`${commands}\nended with ${code}:\n${stdout}\n${stderr}`);
      return stdout;
    },
    add: async (text) => {
      const { status, body } = await platform.lambdas.request("addJob", { body: { type: SECOND_TYPE, input: { text } } });
      expect({ status, body }).toMatchObject({ status: 202 });
      return body.id;
    },
    work: async (...ids) => {
      const worker = await platform.startWorker(SECOND_TYPE);
      const jobs = await Promise.all(ids.map(succeeded));
      worker.terminate();
      expect(await worker.exit).toBe(0);
      return jobs;
    },
    differencesOf: async (stack) => plannedDifferences((await terraform(stack).plan(folder(stack))) as Plan),
    stop: async () => {
      await gateway.stop();
      await platform.stop();
    },
  };
}
