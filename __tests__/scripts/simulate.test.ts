import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import { PATTERNS } from "../../scaling/simulator/arrivals.ts";
import { proposeSettings } from "../../scaling/simulator/propose-settings.ts";
import { readArguments, STANDARD } from "../../scripts/simulate/arguments.ts";
import { simulationDocuments } from "../../scripts/simulate/document.ts";
import { proposalText } from "../../scripts/simulate/proposal-text.ts";
import { buildJobType } from "../modules/synthesized.ts";
import { runScript } from "../support/run-script.ts";

const TYPES = [buildJobType({ name: "report", concurrency: 4 })];
const read = async (...args: string[]) => await readArguments(args, async () => TYPES);

it("plays all patterns with the standard settings where nothing is asked for", async () => {
  const { patterns, scenario } = await read();
  expect(patterns).toEqual(PATTERNS);
  expect(scenario.scaling).toEqual(STANDARD.scaling);
});

it("takes a job type's settings, or those that are given", async () => {
  expect((await read("report")).scenario.world.concurrency).toBe(4);
  const { scenario, patterns } = await read("maxTasks=7,concurrency=3", "--arrivals", "trace", "--job-seconds", "2.5");
  expect(scenario).toMatchObject({
    scaling: { maxTasks: 7, backlogPerTask: 10 },
    world: { maxTasks: 7, concurrency: 3 },
    jobSeconds: 2.5,
  });
  expect(patterns.map(({ name }) => name)).toEqual(["trace"]);
});

it("knows the job types of JOBS_FOLDERS", async () => {
  const { code, stdout } = await runScript("simulate", ["order-totals", "--arrivals", "one-job"], {
    JOBS_FOLDERS: "examples/jobs",
  });
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining("this system") });
});

it("reads arrivals of a file", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "arrivals-"));
  const file = path.join(folder, "day.csv");
  await writeFile(file, "0,5\n10,5\nlater,5\n");
  await expect(read("--arrivals", file)).rejects.toThrow(`${file}, line 3: "later,5"`);
  await writeFile(file, "0,5\n10,5\n");
  expect((await read("--arrivals", file)).patterns[0]?.description).toBe("2 jobs of a file");
  await rm(folder, { recursive: true });
});

it.each([
  [["nothing"], 'there is no job type "nothing"; allowed: report'],
  [["report", "canary"], "one job type or one list of settings"],
  [["maxTask=7"], 'the setting "maxTask"; allowed: scaleOutDepth, maxTasks'],
  [["maxTasks=0"], 'maxTasks is "0"; allowed: a whole number from 1 to 5000'],
  [["maxTasks=5001"], 'maxTasks is "5001"; allowed: a whole number from 1 to 5000'],
  [["maxTasks=1.5"], 'maxTasks is "1.5"; allowed: a whole number from 1 to 5000'],
  [["concurrency=101"], 'concurrency is "101"; allowed: a whole number from 1 to 100'],
  [["maxTasks=1=2"], 'maxTasks is "1=2"; allowed'],
  [["maxTasks=3,backlogPerTask"], 'backlogPerTask is ""; allowed'],
  [["maxTasks=3,maxTasks=4"], "maxTasks is given twice"],
  [["maxTasks="], 'maxTasks is ""; allowed'],
  [["--arrivals", "storm"], "--arrivals: storm is no pattern and no file that can be read; allowed: one-job, burst"],
  [["--job-seconds=-3"], '--job-seconds is "-3"; allowed: a number from 0.1 to 604800'],
  [["--job-seconds", "9".repeat(400)], "allowed: a number from 0.1 to 604800"],
  [["--target-wait", "soon"], '--target-wait is "soon"; allowed: a number from 1 to 604800'],
  [["--docs", "report"], "--docs has no other arguments"],
  [["--target-wate", "30"], "Unknown option '--target-wate'"],
])("refuses what it cannot simulate: %j", async (args, message) => {
  await expect(read(...args)).rejects.toThrow(message);
});

it("has written what docs/simulation.md and its plots say", async () => {
  for (const [file, content] of Object.entries(await simulationDocuments(await read("--docs")))) {
    expect(
      (await readFile(file, "utf8")) === content,
      `${file} is not as the command writes it; run: npm run simulate -- --docs`,
    ).toBe(true);
  }
});

it("proposes settings that meet the target, and says what else would cost", async () => {
  const { scenario, container, patterns } = await read("--arrivals", "spikes");
  const place = { patterns: "spikes", startSeconds: 40, container };
  const propose = (targetWait: number) => proposalText(proposeSettings(patterns, scenario, targetWait), targetWait, place);
  expect(propose(60)).toMatch(/scaling: \{ scaleOutDepth: 1, maxTasks: \d+, backlogPerTask: \d+, idleMinutes: \d+ \}/);
  expect(propose(1)).toContain("No settings have 95 of 100 jobs wait at most 1.0 s on spikes");
  expect(propose(1)).toContain("takes about 40 s to start");
});

it("tries as many tasks as are given, and says where the most that it tried are too few", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "arrivals-"));
  const file = path.join(folder, "long.csv");
  await writeFile(file, "60,3600\n".repeat(600));
  const propose = async (settings: string) => {
    const { scenario, container, patterns } = await read(settings, "--arrivals", file);
    return proposalText(proposeSettings(patterns, scenario, 120), 120, { patterns: "long.csv", startSeconds: 40, container });
  };
  expect(await propose("concurrency=1")).toContain("as fast as 200 tasks are");
  expect(await propose("concurrency=1,maxTasks=600,backlogPerTask=1")).toMatch(/scaling: \{ scaleOutDepth: 1, maxTasks: \d+/);
  await rm(folder, { recursive: true });
});
