import { mkdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { findJobFolders, jobsFolders } from "../../domain/find-job-folders.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

let root: string;
beforeEach(async () => {
  root = await temporaryFolder("job-folders");
});

const folder = async (...names: string[]) => await mkdir(path.join(root, ...names), { recursive: true });
const namesIn = async (...roots: string[]) =>
  (await findJobFolders(roots.map((name) => path.join(root, name)))).map(({ name, path: found }) => [
    name,
    path.relative(root, found),
  ]);

describe("the folders of job types", () => {
  it("are those of all folders that are named, by name; files, hidden folders and installed packages are none", async () => {
    await Promise.all([folder("one", "b"), folder("one", ".git"), folder("one", "node_modules"), folder("two", "a")]);
    await writeFile(path.join(root, "one", "README.md"), "");
    expect(await namesIn("one", "two")).toEqual([
      ["a", "two/a"],
      ["b", "one/b"],
    ]);
  });

  it("may be links to folders", async () => {
    await Promise.all([folder("one"), folder("elsewhere", "report")]);
    await symlink(path.join(root, "elsewhere", "report"), path.join(root, "one", "report"));
    await symlink(path.join(root, "one"), path.join(root, "linked"));
    expect(await namesIn("linked")).toEqual([["report", "linked/report"]]);
  });

  it("are no links that lead nowhere: those are refused by name", async () => {
    await folder("one", "report");
    await symlink(path.join(root, "gone"), path.join(root, "one", "invoice"));
    await expect(namesIn("one")).rejects.toThrow(/one\/invoice: it is a link that leads nowhere \(ENOENT\); mend or remove it$/);
  });

  it("have one name each: two of one name are refused, with both", async () => {
    await Promise.all([folder("one", "report"), folder("two", "report")]);
    await expect(namesIn("one", "two")).rejects.toThrow(
      /two\/report: .+one\/report has the same name; a job type has one folder$/,
    );
    await expect(namesIn("one", "one")).rejects.toThrow(/one\/report has the same name/);
  });

  it("are in folders that exist", async () => {
    await expect(namesIn("one")).rejects.toThrow(/^environment variable JOBS_FOLDERS is ".+one"; allowed: folders of job types/);
  });

  it("tell the examples of the checkout from all others", async () => {
    await folder("one", "report");
    const found = await findJobFolders(["jobs", path.join(root, "one")]);
    expect(found.filter(({ isExample }) => !isExample).map(({ name }) => name)).toEqual(["report"]);
    expect(found.find(({ name }) => name === "canary")).toEqual({ name: "canary", path: "jobs/canary", isExample: true });
    await symlink(path.resolve("jobs"), path.join(root, "linked"));
    expect((await findJobFolders([path.join(root, "linked")])).filter(({ isExample }) => !isExample)).toEqual([]);
  });
});

describe("JOBS_FOLDERS", () => {
  it.each<[string | undefined, readonly string[]]>([
    [undefined, ["jobs"]],
    ["", ["jobs"]],
    ["../jobs", ["../jobs"]],
    [["jobs", "/srv/jobs", ""].join(path.delimiter), ["jobs", "/srv/jobs"]],
  ])("is written as PATH is: %j", (JOBS_FOLDERS, expected) => {
    expect(jobsFolders(JOBS_FOLDERS === undefined ? {} : { JOBS_FOLDERS })).toEqual(expected);
  });
});
