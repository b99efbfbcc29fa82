import { existsSync } from "node:fs";
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { beforeEach, describe, expect, it } from "vitest";
import { openRunFolder } from "../../local/run-folder.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

let root: string;
let built: string;
beforeEach(async () => {
  const folder = await temporaryFolder("run-folder");
  [root, built] = [path.join(folder, "runs"), path.join(folder, "dist")];
  await write(path.join(built, "handlers", "add-job", "index.mjs"), "first build");
  await write(path.join(built, "workers", "report", "worker.mjs"), "first build");
});

async function write(file: string, content: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, content);
}

const open = (pid: number, running: readonly number[]) =>
  openRunFolder({ root, built, pid, isRunning: (known) => running.includes(known) });

describe("the folder of a run", () => {
  it("keeps the bundles as they were when the run began", async () => {
    const { bundles } = await open(1, []);
    await rm(built, { recursive: true });
    await write(path.join(built, "workers", "report", "worker.mjs"), "second build");
    expect(await readFile(path.join(bundles, "workers", "report", "worker.mjs"), "utf8")).toBe("first build");
    expect(await readFile(path.join(bundles, "handlers", "add-job", "index.mjs"), "utf8")).toBe("first build");
  });

  it("has stacks name the files that people wrote, wherever the copies are", async () => {
    const map = { version: 3, sources: ["../../../jobs/report/job.ts"], mappings: "AAAA", names: [] };
    await write(path.join(built, "workers", "report", "job.mjs.map"), JSON.stringify(map));
    const { bundles } = await open(1, []);
    const copied = JSON.parse(await readFile(path.join(bundles, "workers", "report", "job.mjs.map"), "utf8"));
    expect(copied).toMatchObject(map);
    // As Node reads it: the root, and then the source, from the bundle's place on.
    const source = new URL(
      copied.sourceRoot + copied.sources[0],
      pathToFileURL(path.join(bundles, "workers", "report", "job.mjs")),
    );
    expect(fileURLToPath(source)).toBe(path.resolve(path.dirname(built), "jobs", "report", "job.ts"));
  });

  it("outlives the start of another run while its own goes on, and not after", async () => {
    const first = await open(1, []);
    await writeFile(path.join(first.logs, "lambdas.log"), "a line");
    const second = await open(2, [1, 2]);
    expect(await readFile(path.join(first.logs, "lambdas.log"), "utf8")).toBe("a line");
    expect(first.logs).not.toBe(second.logs);
    await open(3, [2, 3]);
    expect((await readdir(root)).sort()).toEqual(["2", "3"]);
  });

  it("keeps its logs when the run ends, and not the bundles", async () => {
    const run = await open(1, []);
    await writeFile(path.join(run.logs, "lambdas.log"), "a line");
    await run.close();
    expect([existsSync(run.bundles), await readdir(run.logs)]).toEqual([false, ["lambdas.log"]]);
  });

  it("begins empty where an earlier process had the same ID", async () => {
    await writeFile(path.join((await open(1, [1])).logs, "lambdas.log"), "a line");
    expect(await readdir((await open(1, [1])).logs)).toEqual([]);
  });

  it("leaves alone what is not of a run", async () => {
    await write(path.join(root, "notes", "mine.txt"), "a line");
    await cp(built, path.join(root, "7"), { recursive: true });
    await open(1, []);
    expect((await readdir(root)).sort()).toEqual(["1", "notes"]);
  });

  it("knows by itself whether the process of a run has ended", async () => {
    const own = await openRunFolder({ root, built });
    await mkdir(path.join(root, String(2 ** 31 - 1)));
    await openRunFolder({ root, built, pid: process.ppid });
    expect((await readdir(root)).map(Number).sort()).toEqual([process.pid, process.ppid].sort());
    expect(existsSync(own.bundles)).toBe(true);
  });

  it("needs a build", async () => {
    await rm(path.join(built, "handlers"), { recursive: true });
    await expect(open(1, [])).rejects.toThrow(/dist\/handlers is missing; run npm run build$/);
  });
});
