import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { processOwner } from "../../domain/process-owner.ts";
import { ApiClient } from "../../local/api-client.ts";
import { JobBoard } from "../../local/job-board.ts";
import { openKeptState } from "../../local/kept-state.ts";
import { startPlatform } from "../../local/platform.ts";
import type { Platform } from "../../local/platform-types.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const reports: string[] = [];

interface Started {
  readonly platform: Platform;
  readonly api: ApiClient;
  readonly board: JobBoard;
}

/** The whole platform, with the bundles that ship. */
async function start(keep: string, maxWorkers: number): Promise<Started> {
  const runs = path.resolve(".local", path.basename(keep));
  const report = (line: string) => void reports.push(line);
  const platform = await startPlatform({ jobTypes: ["canary"], keep, maxWorkers, runs, speed: 60, report, variables: {} });
  const board = new JobBoard();
  platform.events?.onEvent((event) => board.apply(event));
  return { platform, api: new ApiClient(platform.api, {}), board };
}

const LARGE = new Uint8Array(9_000_000).fill(7);

describe("npm start -- --keep", () => {
  it("has jobs, results, files, batches, delays and schedules again after a restart, and does what waits", async () => {
    const folder = path.join(await temporaryFolder("keep"), "kept");
    const first = await start(folder, 4);
    const add = (input: object) => first.api.addJob({ type: "canary", input });
    const ended = (await first.api.jobWhenEnded((await add({ op: "echo", value: "before" })).body.id)).id;
    const upload = (content: Uint8Array<ArrayBuffer>) =>
      first.api.upload({ type: "canary", name: "data", content, contentType: "text/plain" });
    const [small, large] = [await upload(new TextEncoder().encode("small")), await upload(LARGE)];
    // The stop interrupts it, and it is done again.
    const sleeping = await add({ op: "sleep", seconds: 3_600 });
    await expect.poll(async () => (await first.api.job(sleeping.body.id)).status).toBe("RUNNING");
    await first.platform.stop();

    // No worker runs here: what is added waits.
    const second = await start(folder, 0);
    expect(await second.api.job(ended)).toMatchObject({ status: "SUCCEEDED", result: { value: "before" } });
    const waiting = await second.api.addJob({ type: "canary", input: { op: "digest" }, files: { data: large } }, "key");
    const withSmall = await second.api.addJob({ type: "canary", input: { op: "digest" }, files: { data: small } });
    const due = await second.api.addJob({ type: "canary", input: { op: "echo", value: "due" }, delaySeconds: 3_600 });
    const batch = await second.api.addBatch({ type: "canary", items: [{ input: { op: "echo", value: 1 } }] }, "batch");
    expect(readFileSync(path.join(folder, "schedules.json"), "utf8")).toContain(due.body.id);
    await second.platform.stop();
    // As if its time had come while nothing ran.
    const file = path.join(folder, "schedules.json");
    writeFileSync(file, readFileSync(file, "utf8").replaceAll(/at\([^)]+\)/g, "at(2026-01-01T00:00:00)"));

    const third = await start(folder, 4);
    expect(await third.api.jobWhenEnded(waiting.body.id)).toMatchObject({
      status: "SUCCEEDED",
      result: { bytes: LARGE.byteLength, sha256: createHash("sha256").update(LARGE).digest("hex") },
    });
    expect(await third.api.jobWhenEnded(withSmall.body.id)).toMatchObject({ status: "SUCCEEDED", result: { bytes: 5 } });
    await expect.poll(async () => (await third.api.batch(batch.body.id)).status).toBe("COMPLETE");
    expect((await third.api.addJob({ type: "canary", input: { op: "digest" }, files: { data: large } }, "key")).body.id).toBe(
      waiting.body.id,
    );
    // Its schedule has sent it; it is not early.
    await expect.poll(() => JSON.parse(readFileSync(file, "utf8"))).toEqual([]);
    expect((await third.api.job(due.body.id)).status).toBe("QUEUED");
    await expect.poll(async () => (await third.api.job(sleeping.body.id)).attempt).toBe(2);
    await third.api.cancel(sleeping.body.id);
    expect((await third.api.jobWhenEnded(sleeping.body.id)).status).toBe("CANCELLED");
    // One subscription, not one a start: each version comes once.
    await expect.poll(() => third.board.missingVersions(waiting.body.id, 3).filter((version) => version > 1)).toEqual([]);
    await third.platform.stop();
    expect(reports).toEqual([]);
  });

  it("refuses a folder that another process has, and takes one whose process is gone", async () => {
    const folder = await temporaryFolder("keep");
    const kept = openKeptState(folder);
    expect(() => openKeptState(folder)).toThrow(
      `process ${process.pid} keeps its state in ${folder}; stop it, or name another folder: --keep=<folder>`,
    );
    kept.close();
    writeFileSync(path.join(folder, "in-use-by.json"), JSON.stringify({ owner: ownerThatIsGone(), pid: 2 ** 31 - 1 }));
    openKeptState(folder).close();
  });

  it("says that another version has written the folder, and leaves it as it is", async () => {
    const folder = path.join(await temporaryFolder("keep"), "kept");
    mkdirSync(folder);
    writeFileSync(path.join(folder, "format.json"), '{"format":"0, of old"}');
    const opened = () => openKeptState(folder);
    expect(opened).toThrow(/kept was written by another version of the platform \(0, of old; this one is 1, dynalite /);
    // It is not in use because of that.
    expect(opened).toThrow("was written by another version");
  });
});

/** The name of a process that ran in this process's namespace and has ended. */
function ownerThatIsGone(): string {
  const [namespace] = processOwner().split(".");
  return `${namespace}.${2 ** 31 - 1}.1`;
}
