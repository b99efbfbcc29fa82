import { writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { JobAbortedError } from "../../../../worker/job-aborted-error.ts";
import { commandSuite } from "../../../support/command-suite.ts";

const { folder, shell } = commandSuite();

const files = { data: { bytes: 3, contentType: "text/csv" }, page: { bytes: 4, contentType: "image/png" } };
const saveFile = async (name: string): Promise<string> => {
  const file = path.join(folder(), name);
  await writeFile(file, `the ${name}`);
  return file;
};

describe("the files of a command's job", () => {
  it("are in a folder, each under its name, before the command begins", async () => {
    const script = 'printf \'{"data":"%s","page":"%s"}\' "$(cat "$JOB_INPUT_FILES/data")" "$(cat "$JOB_INPUT_FILES/page")"';
    expect(await shell(script, { files, saveFile })).toEqual({ kind: "returned", json: '{"data":"the data","page":"the page"}' });
  });

  it("are named nowhere where there are none", async () => {
    expect(await shell("printenv JOB_INPUT_FILES || printf '\"none\"'")).toEqual({ kind: "returned", json: '"none"' });
  });

  it("are its failure where they cannot be had, and no command begins", async () => {
    const gone = Object.assign(new Error("gone"), { name: "PermanentError", code: "FileUnavailable" });
    expect(await shell(`touch ${folder()}/begun`, { files, saveFile: () => Promise.reject(gone) })).toMatchObject({
      kind: "failed",
      code: "FileUnavailable",
      permanent: true,
    });
    const aborted = await shell("true", { files, saveFile: () => Promise.reject(new JobAbortedError("JobCancelled")) });
    expect(aborted).toMatchObject({ kind: "failed", code: "JobCancelled", permanent: false });
  });
});
