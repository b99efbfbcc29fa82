import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { findJobFolders } from "../../domain/find-job-folders.ts";
import { localDeployments } from "../../local/deployments.ts";
import { buildJobType } from "../modules/synthesized.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const jobTypes = [buildJobType({ name: "report" }), buildJobType({ name: "plain" })];
const DEPLOYMENT = `export default ({ environment, accountId, region }) => ({
  secrets: { DB_PASSWORD: \`arn:aws:ssm:\${region}:\${accountId}:parameter/db\`, API_KEY: \`arn:aws:ssm:\${region}:\${accountId}:parameter/key\` },
  variables: { STAGE: environment, DB_HOST: "db.example.com" },
});`;

let jobs: string;
let reports: string[];

beforeEach(async () => {
  jobs = await temporaryFolder("jobs");
  reports = [];
  for (const { name } of jobTypes) await mkdir(path.join(jobs, name));
});

const write = async (file: string, text: string) => await writeFile(path.join(jobs, "report", file), text);
const read = async () => await localDeployments(await findJobFolders([jobs]), jobTypes, (line) => reports.push(line));

describe("the deployments of job types on this machine", () => {
  it("give workers what deployment.ts and .env.local say, with the names that commands get", async () => {
    await write("deployment.ts", DEPLOYMENT);
    await write(".env.local", '# for this machine\nDB_PASSWORD="a b#c"\nAPI_KEY=k\nDB_HOST=127.0.0.1\n');
    const { variables, retired } = await read();
    expect(variables.get("report")).toEqual({
      DB_PASSWORD: "a b#c",
      API_KEY: "k",
      DB_HOST: "127.0.0.1",
      STAGE: "local",
      JOB_VARIABLES: "API_KEY,DB_HOST,DB_PASSWORD,STAGE",
    });
    expect(variables.get("plain")).toEqual({});
    expect(retired).toEqual(new Set());
    expect(reports).toEqual([]);
  });

  it("say which secrets have no value, and which values have no name", async () => {
    await write("deployment.ts", DEPLOYMENT);
    await write(".env.local", "API_KEY=k\nOTHER=1\n");
    const { variables } = await read();
    expect(variables.get("report")).not.toHaveProperty("DB_PASSWORD");
    expect(variables.get("report")).not.toHaveProperty("OTHER");
    const file = path.join(jobs, "report", ".env.local");
    expect(reports).toEqual([
      `${file}: OTHER is not passed on, as ${path.join(jobs, "report")}/deployment.ts does not name it`,
      `report: the secret DB_PASSWORD has no value here; add it to ${file}`,
    ]);
  });

  it("tell which types are retired", async () => {
    await write("deployment.ts", "export default () => ({ retired: true });");
    expect((await read()).retired).toEqual(new Set(["report"]));
  });

  it("are refused by their file", async () => {
    await write("deployment.ts", "export default () => ({ variables: { PATH: '/' } });");
    await expect(read()).rejects.toThrow(/report\/deployment.ts: variables.PATH is "\/"; allowed: 1 to 128 letters/);
  });
});
