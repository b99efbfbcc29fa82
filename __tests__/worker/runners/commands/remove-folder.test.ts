import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { removeFolder } from "../../../../worker/runners/commands/remove-folder.ts";
import { AS_ORDINARY_USER, runProgram } from "../../../support/run-program.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

/** An empty folder that is the only one in another. */
async function folderToRemove(): Promise<{ readonly above: string; readonly folder: string }> {
  const above = await temporaryFolder("remove-folder");
  const folder = path.join(above, "folder");
  await mkdir(folder);
  return { above, folder };
}

describe("a folder", () => {
  it("is removed with all that is in it, and nothing that links in it lead to", async () => {
    const { above, folder } = await folderToRemove();
    const kept = await temporaryFolder("kept");
    await writeFile(path.join(kept, "file"), "kept");
    await mkdir(path.join(folder, "a/b/c"), { recursive: true });
    await mkdir(path.join(folder, "a/empty"));
    await writeFile(path.join(folder, "a/b/file"), "x");
    await symlink(kept, path.join(folder, "a/link"));
    await symlink(path.join(kept, "file"), path.join(folder, "link"));
    await removeFolder(folder);
    expect(await readdir(above)).toEqual([]);
    expect(await readFile(path.join(kept, "file"), "utf8")).toBe("kept");
  });

  it("that was swapped for a link loses the link alone", async () => {
    const { above } = await folderToRemove();
    const kept = await temporaryFolder("kept");
    await writeFile(path.join(kept, "file"), "kept");
    const swapped = path.join(above, "swapped");
    await symlink(kept, swapped);
    await removeFolder(swapped);
    expect(await readdir(above)).toEqual(["folder"]);
    expect(await readFile(path.join(kept, "file"), "utf8")).toBe("kept");
  });

  it("is removed though it has more entries than are removed at a time, folders among them", async () => {
    const { above, folder } = await folderToRemove();
    for (let entry = 0; entry < 300; entry += 1) {
      if (entry % 3 === 0) await mkdir(path.join(folder, String(entry)));
      else await writeFile(path.join(folder, String(entry)), "");
    }
    await removeFolder(folder);
    expect(await readdir(above)).toEqual([]);
  });

  it("may be gone already", async () => {
    await expect(removeFolder("/nowhere/at/all")).resolves.toBeUndefined();
  });

  it("is removed by an ordinary user whatever rights its folders have, however deep they are, whatever their names", async () => {
    const { above, folder } = await folderToRemove();
    const left = await runProgram(
      `const { execFileSync } = await import("node:child_process");
       const { chmodSync, mkdirSync, readdirSync, writeFileSync } = await import("node:fs");
       const { removeFolder } = await load("../../worker/runners/commands/remove-folder.ts");
       chmodSync(${JSON.stringify(above)}, 0o777);
       chmodSync(${JSON.stringify(folder)}, 0o777);
       ${AS_ORDINARY_USER}
       execFileSync("sh", ["-c", \`set -e; mkdir own; cd own
         mkdir closed; touch closed/file; mkdir closed/inner; chmod 0 closed/inner; chmod 500 closed
         touch "$(printf '\\\\377')" "$(printf 'a\\nb')" -- --help '*'
         mkdir "$(printf 'folder\\\\377')"; touch "$(printf 'folder\\\\377')/x"; mkfifo pipe\`], { cwd: ${JSON.stringify(folder)} });
       process.chdir(${JSON.stringify(`${folder}/own`)});
       for (let depth = 0; depth < 300; depth += 1) {
         mkdirSync("${"x".repeat(40)}");
         process.chdir("${"x".repeat(40)}");
       }
       writeFileSync("file", "");
       chmodSync(".", 0o500);
       process.chdir("/");
       await removeFolder(${JSON.stringify(`${folder}/own`)});
       return readdirSync(${JSON.stringify(folder)});`,
    );
    expect(left).toEqual([]);
  });

  it("says what it cannot remove", async () => {
    await expect(removeFolder("/proc/self/fd")).rejects.toMatchObject({ code: expect.stringMatching(/^E/) });
  });
});
