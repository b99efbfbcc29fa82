import { once } from "node:events";
import { chmod, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Build, buildWhenChanged, type Made } from "../../scripts/build-when-changed.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/** A checkout in which a build joins a source and a package's file to `dist/made/bundle`. */

const PACKAGE = "node_modules/greeting/index.js";
const OUTPUT = "dist/made/bundle";
const here = process.cwd();

beforeEach(async () => {
  process.chdir(await temporaryFolder("build-when-changed"));
  await write("domain/hello.ts", "hello");
  await write("jobs/report/job.ts", "report");
  await write("package-lock.json", "{}");
  await write("node_modules/esbuild/package.json", '{ "version": "1.0.0" }');
  await write(PACKAGE, "good day");
});

afterEach(() => {
  process.chdir(here);
  vi.unstubAllEnvs();
});

async function write(file: string, content: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, content);
}

const build = (make: () => Promise<Made> = join): Build => ({ name: "made", outputs: ["dist/made"], make });

async function join(): Promise<Made> {
  await rm("dist/made", { recursive: true, force: true });
  await write(OUTPUT, `${await readFile("domain/hello.ts", "utf8")}, ${await readFile(PACKAGE, "utf8")}`);
  return { inputs: [PACKAGE, "made-up:module"], warned: false };
}

describe("a build of what was built before", () => {
  beforeEach(async () => {
    expect(await buildWhenChanged(build())).toBe(true);
    expect(await buildWhenChanged(build())).toBe(false);
  });

  it.each<[string, () => Promise<unknown>]>([
    ["a source has changed", () => write("domain/hello.ts", "good night")],
    ["a source is new", () => write("handlers/new.ts", "")],
    ["a source is gone", () => rm("jobs/report/job.ts")],
    ["a source has another name", () => rm("jobs/report/job.ts").then(() => write("jobs/report/jobs.ts", "report"))],
    ["a program may be run now", () => chmod("jobs/report/job.ts", 0o755)],
    ["a file of a package has changed", () => write(PACKAGE, "good evening")],
    ["a package is of another version", () => write("package-lock.json", '{ "version": 2 }')],
    ["other packages are installed", () => write("node_modules/.package-lock.json", "{}")],
    ["a tool is of another version", () => write("node_modules/esbuild/package.json", '{ "version": "1.0.1" }')],
    ["TypeScript's settings have changed", () => write("tsconfig.json", "{}")],
    ["an output has changed", () => write(OUTPUT, "hello, good da")],
    ["an output is gone", () => rm(OUTPUT)],
    ["all outputs are gone", () => rm("dist/made", { recursive: true })],
    ["there is an output that nobody has made", () => write("dist/made/other", "")],
    ["an output is a link now", () => rm(OUTPUT).then(() => symlink("../../domain/hello.ts", OUTPUT))],
    ["the record of it cannot be read", () => write("dist/builds/made.json", "{")],
  ])("is made where %s, and once", async (_, change) => {
    await change();
    expect([await buildWhenChanged(build()), await buildWhenChanged(build())]).toEqual([true, false]);
  });

  it("is made where a setting has changed: of the build, of a job type that reads one, or Node's version", async () => {
    await write("more/report/job.ts", "report");
    vi.stubEnv("JOBS_FOLDERS", "more");
    expect([await buildWhenChanged(build()), await buildWhenChanged(build())]).toEqual([true, false]);
    vi.stubEnv("JOBS_CANARY", "safe");
    expect([await buildWhenChanged(build()), await buildWhenChanged(build())]).toEqual([true, false]);
    const version = vi.spyOn(process, "version", "get").mockReturnValue("v99.0.0");
    try {
      expect([await buildWhenChanged(build()), await buildWhenChanged(build())]).toEqual([true, false]);
    } finally {
      version.mockRestore();
    }
  });

  it("is made where a source behind a link has changed", async () => {
    await write("elsewhere/invoice/job.ts", "invoice");
    await symlink("../elsewhere/invoice", "jobs/invoice");
    expect([await buildWhenChanged(build()), await buildWhenChanged(build())]).toEqual([true, false]);
    await write("elsewhere/invoice/job.ts", "reminder");
    expect([await buildWhenChanged(build()), await buildWhenChanged(build())]).toEqual([true, false]);
    await write("elsewhere/package-lock.json", "{}");
    expect([await buildWhenChanged(build()), await buildWhenChanged(build())]).toEqual([true, false]);
  });

  it("is made where a source beside links has changed that lead back up, to one another or to themselves", async () => {
    await symlink(".", "jobs/report/self");
    await symlink("itself", "jobs/report/itself");
    await mkdir("jobs/invoice");
    await symlink("../invoice", "jobs/report/one");
    await symlink("../report", "jobs/invoice/other");
    expect([await buildWhenChanged(build()), await buildWhenChanged(build())]).toEqual([true, false]);
    await write("jobs/report/job.ts", "reminder");
    expect([await buildWhenChanged(build()), await buildWhenChanged(build())]).toEqual([true, false]);
  });

  it("is not made where a program listens on a socket beside a source", async () => {
    const server = createServer().listen("jobs/report/socket");
    await once(server, "listening");
    try {
      expect(await buildWhenChanged(build())).toBe(false);
    } finally {
      server.close();
    }
  });

  it("is not made where only times, tests' logs or other outputs are new", async () => {
    await write("domain/hello.ts", "hello");
    await write(OUTPUT, "hello, good day");
    await write(".local/logs", "");
    await write("dist/other", "");
    expect(await buildWhenChanged(build())).toBe(false);
  });
});

describe("a build that did not go well", () => {
  it("is made anew: it failed, though what it makes was there before", async () => {
    await buildWhenChanged(build());
    const before = await readFile("domain/hello.ts", "utf8");
    await write("domain/hello.ts", "wrong");
    const failing = build(async () => {
      await join();
      throw new Error("wrong");
    });
    await expect(buildWhenChanged(failing)).rejects.toThrow("wrong");
    await write("domain/hello.ts", before);
    expect(await buildWhenChanged(build())).toBe(true);
    expect(await readFile(OUTPUT, "utf8")).toBe("hello, good day");
  });

  it("is made anew: it was interrupted where its outputs were those of the last build again", async () => {
    await buildWhenChanged(build());
    await write("dist/builds/made.building", "of a process that was killed");
    expect(await buildWhenChanged(build())).toBe(true);
  });

  it("is made anew: a source changed meanwhile", async () => {
    const changing = build(async () => {
      const made = await join();
      await write("domain/hello.ts", "changed");
      return made;
    });
    await buildWhenChanged(changing);
    expect(await buildWhenChanged(build())).toBe(true);
    expect(await readFile(OUTPUT, "utf8")).toBe("changed, good day");
  });

  it("is made anew: another wrote the same files meanwhile", async () => {
    const besides = build(async () => {
      await buildWhenChanged(build());
      return await join();
    });
    await buildWhenChanged(besides);
    expect(await buildWhenChanged(build())).toBe(true);
    expect([await buildWhenChanged(build()), await buildWhenChanged(build())].at(-1)).toBe(false);
  });

  it("is made anew, and so warns again: it warned", async () => {
    const warning = build(async () => ({ ...(await join()), warned: true }));
    expect([await buildWhenChanged(warning), await buildWhenChanged(warning)]).toEqual([true, true]);
  });
});
