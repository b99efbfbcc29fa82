import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { isOwnerGone, PROCESS_OWNER, pidNamespace, processOwner } from "../../domain/process-owner.ts";

describe("the owner of something on disk", () => {
  it("is there as long as its process is", async () => {
    const child = spawn("sleep", ["60"]);
    const owner = processOwner(child.pid);
    expect(owner).toMatch(new RegExp(`^${PROCESS_OWNER.source}$`));
    expect(isOwnerGone(owner)).toBe(false);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(isOwnerGone(owner)).toBe(true);
  });

  it("is gone where a later process has its ID", () => {
    const [namespace, pid, startedAt] = processOwner().split(".");
    expect(isOwnerGone(`${namespace}.${pid}.${startedAt}`)).toBe(false);
    expect(isOwnerGone(`${namespace}.${pid}.1`)).toBe(true);
  });

  it("may be there where it is of another container", () => {
    expect(isOwnerGone(`${pidNamespace() + 1}.1.1`)).toBe(false);
  });
});
