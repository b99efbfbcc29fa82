import { describe, expect, it } from "vitest";
import { statusFindings, versionFinding } from "../../cli/doctor/api.ts";
import { tokenFinding } from "../../cli/doctor/caller.ts";
import { findingsOf, type Patient } from "../../cli/doctor/finding.ts";
import { isAtLeast, nodeFinding } from "../../cli/doctor/machine.ts";
import { ROUTES } from "../../domain/routes.ts";

const PATHS = Object.values(ROUTES).map(({ path }) => path);
const NOW = Date.parse("2026-11-30T03:00:00Z");
const tokenOf = (claims: object): string => `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.c2ln`;

describe("doctor", () => {
  it("knows which versions of Node will do", () => {
    expect(nodeFinding("22.12.0")).toMatchObject({ status: "ok" });
    expect(nodeFinding("20.19.1")).toMatchObject({ status: "wrong", fix: "install Node 22.12 or newer" });
    expect(isAtLeast("1.9.8", [1, 11])).toBe(false);
    expect(isAtLeast("2.0.0", [1, 11])).toBe(true);
  });

  it("compares the API with what this command calls", () => {
    expect(versionFinding("1.4.0", PATHS)).toMatchObject({ status: "ok" });
    expect(versionFinding("2.0.0", PATHS)).toMatchObject({ status: "wrong" });
    const older = PATHS.filter((path) => !path.endsWith("/why"));
    expect(versionFinding("1.0.0", older)).toMatchObject({
      status: "warning",
      message: expect.stringContaining("lacks /jobs/{id}/why"),
    });
  });

  it("reads when a token expires, and never shows it", () => {
    expect(tokenFinding(tokenOf({ sub: "ada", exp: NOW / 1_000 + 3_600 }), NOW)).toMatchObject({ status: "ok" });
    expect(tokenFinding(tokenOf({ sub: "ada", exp: NOW / 1_000 + 60 }), NOW)).toMatchObject({ status: "warning" });
    const expired = tokenFinding(tokenOf({ sub: "ada", exp: NOW / 1_000 - 1 }), NOW);
    expect(expired).toMatchObject({ status: "wrong", message: "a bearer token of ada, which has expired" });
    expect(tokenFinding("opaque-secret", NOW)).toEqual({
      check: "credentials",
      status: "ok",
      message: "a bearer token, which is no JWT",
    });
  });

  it("tells what keeps a type's jobs from running", () => {
    const fine = {
      name: "canary",
      waiting: 0,
      running: 0,
      delayed: 0,
      deadLetters: 0,
      tasks: { desired: 0, running: 0, pending: 0, max: 4 },
    };
    expect(statusFindings(fine)).toEqual([]);
    const workerError = { code: "AccessDenied", message: "no right", at: "2026-11-30T02:59:00Z", worker: "w" };
    expect(statusFindings({ ...fine, workerError, deadLetters: 2 })).toMatchObject([
      { check: "workers of canary", status: "wrong", message: "AccessDenied: no right, at 2026-11-30T02:59:00Z" },
      { check: "dead letters of canary", status: "wrong" },
    ]);
    expect(statusFindings({ ...fine, startError: "exit code 1" })).toMatchObject([
      { check: "workers of canary", status: "wrong", message: "they do not start: exit code 1" },
    ]);
  });

  it("says why a check could not be made, and goes on", async () => {
    const look = async () => {
      throw new Error(
        "https://jobs.acme.com does not tell the platform's name: set JOBS_NAME_PREFIX to the environment's namePrefix",
      );
    };
    const patient = { signal: new AbortController().signal } as Patient;
    expect(await findingsOf({ name: "alarms", look }, patient)).toEqual([
      {
        check: "alarms",
        status: "unknown",
        message: "https://jobs.acme.com does not tell the platform's name",
        fix: "set JOBS_NAME_PREFIX to the environment's namePrefix",
      },
    ]);
  });
});
