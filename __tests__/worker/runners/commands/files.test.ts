import { appendFile, link, readdir, readFile, rename, symlink, truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it, vi } from "vitest";
import { storeFiles } from "../../../../worker/runners/commands/files.ts";
import type { Run, RunOutcome } from "../../../../worker/runners/runner.ts";
import { commandSuite } from "../../../support/command-suite.ts";
import { buildRun, readContent } from "../../../support/worker-run.ts";

const { folder, shell } = commandSuite();

const filesOf = (outcome: RunOutcome) => JSON.parse((outcome as { json: string }).json).files;

/** A run whose files and warnings are kept. */
function keepingRun() {
  const stored: Record<string, string> = {};
  const warnings: unknown[] = [];
  const putFile: Run["putFile"] = async (name, content, contentType) => {
    const bytes = await readContent(content);
    stored[name] = `${contentType}: ${bytes}`;
    return { bucket: "test", key: name, bytes: bytes.length, contentType };
  };
  return { stored, warnings, overrides: { putFile, log: ((_, ...line) => void warnings.push(line)) satisfies Run["log"] } };
}

describe("the files of a command", () => {
  it("are stored, and listed beside its result", async () => {
    const { stored, overrides } = keepingRun();
    const script =
      'echo a > "$JOB_FILES/a.csv"; echo b > "$JOB_FILES/b.bin"; : > "$JOB_FILES/c"; mkdir "$JOB_FILES/d"; echo \'{"rows":1}\'';
    const outcome = await shell(script, overrides);
    expect(JSON.parse((outcome as { json: string }).json)).toEqual({
      rows: 1,
      files: {
        "a.csv": { bucket: "test", key: "a.csv", bytes: 2, contentType: "text/csv" },
        "b.bin": expect.objectContaining({ bytes: 2 }),
        c: expect.objectContaining({ bytes: 0 }),
      },
    });
    expect(stored).toEqual({
      "a.csv": "text/csv: a\n",
      "b.bin": "application/octet-stream: b\n",
      c: "application/octet-stream: ",
    });
  });

  it.each([
    ["no result", "", { files: expect.any(Object) }],
    ["a result that is no object", "echo '[1]'", { value: [1], files: expect.any(Object) }],
  ])("are listed beside %s", async (_, echo, result) => {
    const outcome = await shell(`touch "$JOB_FILES/a.txt"; ${echo}`);
    expect(JSON.parse((outcome as { json: string }).json)).toEqual(result);
  });

  it("are stored one at a time, each as it is read", async () => {
    let [under, most] = [0, 0];
    const putFile: Run["putFile"] = async (name, content, type) => {
      expect(content).not.toBeInstanceOf(Uint8Array);
      under += 1;
      most = Math.max(most, under);
      await new Promise(setImmediate);
      under -= 1;
      return await buildRun().putFile(name, content, type);
    };
    const outcome = await shell('for name in a b c; do echo x > "$JOB_FILES/$name"; done', { putFile });
    expect(Object.keys(filesOf(outcome))).toEqual(["a", "b", "c"]);
    expect(most).toBe(1);
  });

  it("hold up no kill while they are stored", async () => {
    const kill = new AbortController();
    const putFile = vi.fn(() => {
      kill.abort();
      return new Promise<never>(() => {});
    });
    const outcome = await shell('echo > "$JOB_FILES/a"; echo > "$JOB_FILES/b"', { putFile, kill: kill.signal });
    expect(outcome).toMatchObject({ kind: "failed", code: "HandlerIgnoredAbort" });
    expect(putFile).toHaveBeenCalledOnce();
    expect(await readdir(folder())).toEqual([]);
  });

  it("fail the attempt where they cannot be stored", async () => {
    const putFile = () => Promise.reject(new Error("the bucket is gone"));
    const outcome = await shell('touch "$JOB_FILES/a.txt"', { putFile });
    expect(outcome).toMatchObject({ kind: "failed", message: "the bucket is gone", permanent: false });
  });

  it("may be hard links to what the command wrote elsewhere: a copy would give no less", async () => {
    const { stored, overrides } = keepingRun();
    await shell('echo x > "$TMPDIR/x"; ln "$TMPDIR/x" "$JOB_FILES/x.txt"', overrides);
    expect(stored).toEqual({ "x.txt": "text/plain: x\n" });
  });

  it("are none that are named where the folder is gone", async () => {
    expect(await shell('rm -r "$JOB_FILES"; echo 1')).toEqual({ kind: "returned", json: "1" });
  });
});

describe("what a command leaves in place of a file", () => {
  it("is left out, and named in the log", async () => {
    const { stored, warnings, overrides } = keepingRun();
    const script = `cd "$JOB_FILES"; ln -s /etc/hostname link; ln -s nowhere broken; mkfifo pipe; echo x > file
      ln -s /proc/self/environ environ; ln -s /dev/zero zero; echo 1`;
    expect(filesOf(await shell(script, overrides))).toEqual({ file: expect.objectContaining({ bytes: 2 }) });
    expect(Object.keys(stored)).toEqual(["file"]);
    expect(warnings).toEqual([
      [
        "what is neither file nor folder in $JOB_FILES is left out",
        { names: expect.arrayContaining(["broken", "environ", "link", "pipe", "zero"]) },
      ],
    ]);
  });

  it("is nothing outside of its folder, where the folder is a link in the end", async () => {
    const { stored, overrides } = keepingRun();
    const swap = 'mv "$JOB_FILES" "$TMPDIR/old"; ln -s /etc "$JOB_FILES"; echo 1';
    expect(await shell(swap, overrides)).toMatchObject({ code: "FilesFolderReplaced", permanent: true });
    const swapAbove =
      'own=$(dirname "$JOB_FILES"); mkdir -p else/files; echo x > else/files/x; mv "$own" "$own.old"; ln -s "$PWD/else" "$own"';
    expect(await shell(swapAbove, overrides)).toMatchObject({ code: "FilesFolderReplaced", permanent: true });
    expect(stored).toEqual({});
    expect(await readFile(path.join(folder(), "else/files/x"), "utf8")).toBe("x\n");
  });
});

describe("the files in a folder", () => {
  const put = (name: string, text: string) => writeFile(path.join(folder(), name), text);

  /** Stores the files of the test's folder; what `swap` does happens between two files. */
  async function store(swap: () => Promise<void>) {
    const { stored, overrides } = keepingRun();
    const putFile: Run["putFile"] = async (name, ...rest) => {
      if (name === "a") await swap();
      return await overrides.putFile(name, ...rest);
    };
    const error = await storeFiles(buildRun({ ...overrides, putFile }), folder()).catch((thrown) => thrown);
    return { stored, error };
  }

  it("are not those that links lead to which come in their place while others are stored", async () => {
    await put("a", "first");
    await put("b", "second");
    await put("secret", "");
    const { stored, error } = await store(async () => {
      await rename(path.join(folder(), "secret"), path.join(folder(), "elsewhere"));
      await rename(path.join(folder(), "b"), path.join(folder(), "c"));
      await symlink("/proc/self/environ", path.join(folder(), "b"));
    });
    expect(stored).toEqual({ a: "application/octet-stream: first" });
    expect(error).toMatchObject({ code: "ELOOP" });
  });

  it("are stored as they were when they were opened, and fail the attempt where they get shorter", async () => {
    await put("a", "first");
    expect((await store(() => appendFile(path.join(folder(), "a"), " and more"))).stored).toEqual({
      a: "application/octet-stream: first",
    });
    expect((await store(() => truncate(path.join(folder(), "a"), 2))).error).toMatchObject({ code: "FileChanged" });
  });

  it("fail the job for good before one is stored where they are too many, too large, or have names that are not allowed", async () => {
    const { stored, overrides } = keepingRun();
    const cases = [
      ["TooManyFiles", 'i=0; while [ $i -lt 1001 ]; do i=$((i + 1)); : > "$JOB_FILES/$i"; done'],
      ["FileTooLarge", 'echo x > "$JOB_FILES/a"; truncate -s 1T "$JOB_FILES/b"'],
      ["InvalidFileName", 'echo x > "$JOB_FILES/a"; touch "$JOB_FILES/no good"'],
      ["InvalidFileName", 'echo x > "$JOB_FILES/a"; touch "$JOB_FILES/$(printf \'b\\nc\')"'],
      ["InvalidFileName", 'echo x > "$JOB_FILES/a"; touch "$JOB_FILES/$(printf \'b\\377\')"'],
      ["InvalidFileName", 'echo x > "$JOB_FILES/a"; touch "$JOB_FILES/é"'],
    ];
    for (const [code, script] of cases) {
      expect(await shell(script as string, overrides)).toMatchObject({ kind: "failed", code, permanent: true });
    }
    expect(stored).toEqual({});
    expect(await readdir(folder())).toEqual([]);
  });

  it("may be a thousand, and links to one another", async () => {
    await put("1", "x");
    for (let n = 2; n <= 1_000; n += 1) await link(path.join(folder(), "1"), path.join(folder(), String(n)));
    expect(Object.keys(await storeFiles(buildRun(), folder()))).toHaveLength(1_000);
  });
});
