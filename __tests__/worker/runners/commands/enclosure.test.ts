import { writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { enclosureOf } from "../../../../worker/runners/commands/enclosure.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

const CONTAINER = { JOB_ENCLOSURE: "container" };
const NAMESPACE = 4_026_532_000;
const MACHINE_NAMESPACE = 4_026_531_836;

describe("where a worker is alone", () => {
  it("is nowhere, where nobody says so", () => {
    expect(enclosureOf({}, { pid: 1, ppid: 0 }, NAMESPACE)).toBeUndefined();
  });

  it("is its container, as its first process or that one's child", () => {
    expect(enclosureOf(CONTAINER, { pid: 1, ppid: 0 }, NAMESPACE)?.().has(process.pid)).toBe(true);
    expect(enclosureOf(CONTAINER, { pid: 7, ppid: 1 }, NAMESPACE)?.().has(process.ppid)).toBe(true);
  });

  it.each([
    ["somebody else started it", { pid: 70, ppid: 7 }, NAMESPACE],
    ["the processes are the machine's", { pid: 70, ppid: 1 }, MACHINE_NAMESPACE],
    ["the system has no namespaces", { pid: 70, ppid: 1 }, 0],
  ])("is not a container where %s", (_, ids, namespace) => {
    expect(enclosureOf(CONTAINER, ids, namespace)).toBeUndefined();
  });

  it("is a control group that it is in", async () => {
    const group = await temporaryFolder("enclosure");
    const find = (pid: number) => enclosureOf({ JOB_ENCLOSURE: group }, { pid, ppid: 2 }, MACHINE_NAMESPACE);
    expect(find(70)).toBeUndefined();
    await writeFile(path.join(group, "cgroup.procs"), "70\n");
    expect(find(7)).toBeUndefined();
    const enclosure = find(70);
    await writeFile(path.join(group, "cgroup.procs"), "70\n71\n");
    expect(enclosure?.()).toEqual(new Set([70, 71]));
  });
});
