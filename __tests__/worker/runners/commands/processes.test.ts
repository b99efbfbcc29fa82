import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { RunningCommands } from "../../../../worker/runners/commands/processes.ts";
import { commandSuite } from "../../../support/command-suite.ts";
import { isRunning, startBystander } from "../../../support/processes.ts";
import { shellRunner } from "../../../support/shell-runner.ts";
import { eventually } from "../../../support/worker-eventually.ts";
import { buildRun } from "../../../support/worker-run.ts";

const { folder, shell } = commandSuite();

/** Scripts that write the IDs of their processes to a file. */
const SCRIPTS = {
  "sleeper.sh": 'echo $$ >> "$1"; exec sleep 600',
  "stubborn.sh": 'trap "" TERM HUP INT; echo $$ >> pids; while :; do sleep 600; done',
  // Each ends once it has started the next.
  "chain.sh": "echo $$ >> pids; sleep 0.02; setsid sh chain.sh &",
  "fork.sh": "sh sleeper.sh pids & sh sleeper.sh pids & sh sleeper.sh pids &",
};

beforeEach(async () => {
  for (const [name, script] of Object.entries(SCRIPTS)) await writeFile(path.join(folder(), name), script);
});

const QUIET = "> /dev/null 2>&1 < /dev/null";
const DAEMON = `env -i setsid sh -c 'sh sleeper.sh pids ${QUIET} &'`;
const untilWritten = (lines = 1) => `until [ "$(cat pids 2> /dev/null | wc -l)" -ge ${lines} ]; do sleep 0.01; done`;

async function written(file = "pids"): Promise<number[]> {
  const pids = (await readFile(path.join(folder(), file), "utf8")).trim().split(/\s+/).map(Number);
  expect(pids.every((pid) => pid > 1)).toBe(true);
  return pids;
}

describe("what a command started ends with it", () => {
  it.each([
    ["in its group", `sh sleeper.sh pids ${QUIET} &`],
    ["in a session of its own", `setsid sh sleeper.sh pids ${QUIET} &`],
    ["without a parent", `sh -c 'sh sleeper.sh pids ${QUIET} &'`],
    ["in a session of its own, without a parent", `setsid sh -c 'setsid sh sleeper.sh pids ${QUIET} &'`],
    ["with an empty environment", `env -i sh sleeper.sh pids ${QUIET} &`],
    ["and ignores signals", `setsid sh stubborn.sh ${QUIET} &`],
    ["and holds its outputs open", "setsid sh sleeper.sh pids &"],
    ["and starts others", `for i in 1 2 3 4 5 6 7 8; do setsid sh fork.sh ${QUIET} & done`],
  ])("%s", async (_, start) => {
    expect(await shell(`${start}\n${untilWritten()}; echo 1`)).toEqual({ kind: "returned", json: "1" });
    expect((await written()).filter(isRunning)).toEqual([]);
  });

  it("and of which each ends once it has started the next", async () => {
    expect(await shell(`setsid sh chain.sh ${QUIET} & ${untilWritten(4)}; echo 1`)).toEqual({ kind: "returned", json: "1" });
    const chain = await written();
    expect(chain.filter(isRunning)).toEqual([]);
    // The next would have been written by then.
    await once(spawn("sleep", ["0.2"]), "exit");
    expect(await written()).toEqual(chain);
  });

  it("whatever became of it", async () => {
    expect(await shell(`setsid sh sleeper.sh pids ${QUIET} & ${untilWritten()}; exit 3`)).toMatchObject({
      code: "CommandFailed",
    });
    const kill = new AbortController();
    const killed = shell(`setsid sh sleeper.sh more ${QUIET} & sleep 600`, { kill: kill.signal });
    await eventually(async () => await written("more"));
    kill.abort();
    expect(await killed).toMatchObject({ code: "HandlerIgnoredAbort" });
    expect([...(await written()), ...(await written("more"))].filter(isRunning)).toEqual([]);
  });

  it("but not a neighbour's", async () => {
    const runner = shellRunner(
      `setsid sh sleeper.sh $JOB_ID ${QUIET} & until [ -s $JOB_ID ] && [ -e go-$JOB_ID ]; do sleep 0.01; done`,
      folder(),
    );
    const go = (id: string) => writeFile(path.join(folder(), `go-${id}`), "");
    const [first, second] = ["a", "b"].map((id) => runner.run(buildRun({ id })));
    const pids = await eventually(async () => [...(await written("a")), ...(await written("b"))]);
    await go("a");
    await first;
    expect(pids.map(isRunning)).toEqual([false, true]);
    await go("b");
    await second;
    expect(pids.map(isRunning)).toEqual([false, false]);
  });

  it("but nothing else of the same user", async () => {
    const bystanders = [
      startBystander(),
      startBystander({ JOB_FILES: "/tmp/job-1.2.3-abcdef/files" }),
      startBystander({ JOB_ID: "a" }),
    ];
    expect(await shell(`setsid sh sleeper.sh pids ${QUIET} & ${untilWritten()}`, { id: "a" })).toMatchObject({
      kind: "returned",
    });
    expect(bystanders.filter(isRunning)).toEqual(bystanders);
  });
});

describe("a daemon that a command left behind, with nothing that tells whose it is", () => {
  const script = `${DAEMON}; ${untilWritten()}`;

  it("ends with the command where the worker is alone", async () => {
    // Those that started after the command are the worker's and, here, its own.
    const enclosure = () => new Set([process.pid, ...daemons]);
    const daemons: number[] = [];
    const runner = shellRunner(`${script}; until [ -e go ]; do sleep 0.01; done`, folder(), { enclosure });
    const outcome = runner.run(buildRun());
    daemons.push(...(await eventually(async () => await written())));
    await writeFile(path.join(folder(), "go"), "");
    await outcome;
    expect(daemons.filter(isRunning)).toEqual([]);
  });

  it("lives on where the worker is not alone, for it may be anybody's", async () => {
    await shell(script);
    const daemons = await written();
    expect(daemons.filter(isRunning)).toEqual(daemons);
    for (const pid of daemons) process.kill(pid, "SIGKILL");
  });

  it("ends with the command where it was seen before it lost its parent", async () => {
    const commands = new RunningCommands(undefined);
    const parent = "sh sleeper.sh pids & until [ -e go ]; do sleep 0.01; done";
    const child = spawn("sh", ["-c", `env -i setsid sh -c '${parent}' ${QUIET} & wait`], { cwd: folder(), detached: true });
    const exit = once(child, "exit");
    const processes = commands.follow(child.pid as number, "a mark that nobody has");
    const daemons = await eventually(async () => await written());
    commands.look();
    await writeFile(path.join(folder(), "go"), "");
    await exit;
    expect(daemons.filter(isRunning)).toEqual(daemons);
    expect(await processes.end()).toBe(0);
    expect(daemons.filter(isRunning)).toEqual([]);
  });
});

describe("the signals of a command", () => {
  it("reach its group as long as there is one", async () => {
    const commands = new RunningCommands(undefined);
    const child = spawn("sh", ["-c", "sleep 600 & wait"], { detached: true });
    const processes = commands.follow(child.pid as number, "a mark");
    processes.signal("SIGTERM");
    expect(await once(child, "exit")).toEqual([null, "SIGTERM"]);
    processes.signal("SIGTERM");
    expect(await processes.end()).toBe(0);
  });
});
