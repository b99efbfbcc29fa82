import { JobsClient, type JobTypeDescription, type JobTypeStatus } from "@autoscaling-job-queues/client/jobs-client";
import { failureOf } from "../failure.ts";
import { typeStatuses } from "../verbs/type-statuses.ts";
import { VERSION } from "../version.ts";
import type { Check, Finding, Patient } from "./finding.ts";

/** The API's major version that this command speaks. */
const API_MAJOR = "1";
/** Whoever looks for what is wrong waits for few tries. */
const RETRIES = { tries: 2 };
/** What this command calls, and platforms from before it do not have. */
const CALLED_PATHS = [
  "/batches",
  "/jobs/{id}/retry",
  "/jobs/{id}/why",
  "/job-types/{name}/status",
  "/job-types/{name}/pause",
  "/job-types/{name}/resume",
] as const;

export const apiChecks: readonly Check[] = [
  { name: "API", look: async (patient) => await apiFindings(patient) },
  { name: "job types", look: async (patient) => await typeFindings(patient) },
];

async function apiFindings({ connection, signal }: Patient): Promise<readonly Finding[]> {
  const check = "API";
  if (connection === undefined) return [{ check, status: "unknown", message: "no API is named" }];
  const begun = performance.now();
  try {
    const description = await new JobsClient({ ...connection.settings, retries: RETRIES }).openApi({ signal });
    const milliseconds = Math.round(performance.now() - begun);
    const { version } = (description as { info?: { version?: string } }).info ?? {};
    return [
      { check, status: "ok", message: `answers within ${milliseconds} ms` },
      versionFinding(version ?? "", Object.keys(description.paths)),
    ];
  } catch (error) {
    signal.throwIfAborted();
    const { message = "no answer" } = failureOf(error, connection.url);
    return [
      {
        check,
        status: "wrong",
        message,
        fix: connection.local === undefined ? "see the address and credentials above" : "restart npm start",
      },
    ];
  }
}

/** @param version of the API. @param paths that it has. */
export function versionFinding(version: string, paths: readonly string[]): Finding {
  const check = "version";
  const both = `this command is ${VERSION}, the API is ${version}`;
  if (version.split(".")[0] !== API_MAJOR) {
    return {
      check,
      status: "wrong",
      message: `${both}, and they do not fit`,
      fix: "install the command of the platform's release",
    };
  }
  const missing = CALLED_PATHS.filter((path) => !paths.includes(path));
  if (missing.length === 0) return { check, status: "ok", message: both };
  const message = `${both}, and lacks ${missing.join(", ")}`;
  return { check, status: "warning", message, fix: "deploy the platform anew, or use the command of its release" };
}

async function typeFindings({ connection, signal }: Patient): Promise<readonly Finding[]> {
  const check = "job types";
  if (connection === undefined) return [{ check, status: "unknown", message: "no API is named" }];
  const client = new JobsClient({ ...connection.settings, retries: RETRIES });
  const types = await client.jobTypes({ signal });
  if (types.length === 0) {
    return [{ check, status: "warning", message: "there are none", fix: "deploy a job type's stack: docs/deploy.md" }];
  }
  const names = types.map(({ name }) => name);
  const statuses = await typeStatuses(client, names, signal);
  return [
    { check, status: "ok", message: names.join(", ") },
    ...types.flatMap(pausedFinding),
    ...statuses.flatMap(statusFindings),
  ];
}

/** What keeps a type's jobs from running, as far as its status tells. */
export function statusFindings({ name, workerError, startError, placement, deadLetters = 0 }: JobTypeStatus): Finding[] {
  const findings: Finding[] = [];
  if (workerError !== undefined) {
    const { code, message, at } = workerError;
    const fix = `mend what it names, and see jobs status ${name}`;
    findings.push({ check: `workers of ${name}`, status: "wrong", message: `${code}: ${message}, at ${at}`, fix });
  }
  if (startError !== undefined && workerError === undefined) {
    const fix = `mend what jobs logs ${name} shows`;
    findings.push({ check: `workers of ${name}`, status: "wrong", message: `they do not start: ${startError}`, fix });
  }
  if (placement !== undefined) findings.push({ check: `workers of ${name}`, status: "warning", message: placement });
  if (deadLetters > 0) {
    const message = `${deadLetters} are left in the queue, which the dead-letter Lambda should have closed`;
    findings.push({
      check: `dead letters of ${name}`,
      status: "wrong",
      message,
      fix: "its log, and docs/operations.md#dead-letters",
    });
  }
  return findings;
}

function pausedFinding({ name, paused }: JobTypeDescription): Finding[] {
  if (paused === undefined) return [];
  const { by, at, reason } = paused;
  const message = `${name} is paused by ${by} since ${at}${reason === undefined ? "" : `: ${reason}`}`;
  return [{ check: "paused", status: "warning", message, fix: `jobs resume ${name}` }];
}
