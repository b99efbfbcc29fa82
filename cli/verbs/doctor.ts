import { accountChecks } from "../doctor/account.ts";
import { apiChecks } from "../doctor/api.ts";
import { callerChecks } from "../doctor/caller.ts";
import { deploymentChecks } from "../doctor/deployment.ts";
import { type Finding, type FindingStatus, findingsOf } from "../doctor/finding.ts";
import { machineChecks } from "../doctor/machine.ts";
import { EXIT } from "../exit-codes.ts";
import { type Format, styled } from "../output/style.ts";
import { counted } from "../output/times.ts";
import { visible } from "../output/visible.ts";
import { defineVerb } from "../verb.ts";

const MARKS: Readonly<Record<FindingStatus, readonly [string, Format]>> = {
  ok: ["ok", "green"],
  warning: ["warning", "yellow"],
  wrong: ["wrong", "red"],
  unknown: ["unknown", "dim"],
};
const MARK_WIDTH = 7;

export const doctorVerb = defineVerb({
  name: "doctor",
  summary: "look for what is wrong, and say what mends it",
  details:
    "Looks at this machine, the API and who calls it; and, of a deployment, at the account's roles and quotas, images, and who hears of alarms. It only reads. What cannot be looked at, for want of a right, is told as unknown, with the reason. The exit code is 1 where something is wrong.",
  examples: [
    { command: "jobs doctor", does: "look at everything" },
    { command: `jobs doctor --json | jq -r 'select(.status == "wrong").fix'`, does: "what to do" },
  ],
  run: async (cli) => {
    const { out, env, signal } = cli;
    const connection = await cli.connection().catch(() => undefined);
    const isDeployment = connection !== undefined && connection.authorization !== "none";
    const checks = [
      ...machineChecks,
      ...callerChecks,
      ...apiChecks,
      ...(isDeployment ? [...accountChecks, ...deploymentChecks] : []),
    ];
    const found: Finding[] = [];
    for (const check of checks) {
      for (const finding of await findingsOf(check, { cli, env, signal, connection })) {
        found.push(finding);
        await (out.isJson ? out.json(finding) : out.lines(findingLines(finding)));
      }
    }
    const wrong = found.filter(({ status }) => status === "wrong");
    const warnings = found.filter(({ status }) => status === "warning");
    out.note(`${wrong.length} wrong, ${counted(warnings.length, "warning")}.`);
    return wrong.length === 0 ? EXIT.done : EXIT.failed;
  },
});

function findingLines({ check, status, message, fix }: Finding): string[] {
  const [mark, format] = MARKS[status];
  const head = `${styled(format, mark.padEnd(MARK_WIDTH))}  ${check}: ${visible(message)}`;
  return fix === undefined ? [head] : [head, `${" ".repeat(MARK_WIDTH + 2)}${styled("dim", "→")} ${visible(fix)}`];
}
