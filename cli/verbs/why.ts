import type { Why } from "@autoscaling-job-queues/client/jobs-client";
import { EXIT } from "../exit-codes.ts";
import { jobIds } from "../input/ids.ts";
import { styled } from "../output/style.ts";
import { localTime } from "../output/times.ts";
import { visible } from "../output/visible.ts";
import { defineVerb } from "../verb.ts";

/** Codes of what is as it should be: nothing is to be done. */
const FINE: ReadonlySet<Why["code"]> = new Set([
  "Ended",
  "Running",
  "WaitsForDelay",
  "WaitsForRetry",
  "WorkersStarting",
  "CancelRequested",
]);
const TIME = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

export const whyVerb = defineVerb<object, [string[]]>({
  name: "why",
  summary: "say why jobs are where they are, and what to do",
  arguments: [{ name: "<id...>", description: "IDs of jobs; - reads them from what is piped in" }],
  examples: [
    { command: "jobs why canary_01JCQ8N6V4W2X9Y7Z5T3R1P0MK", does: "why does it not run?" },
    {
      command: "jobs list --status QUEUED --created-before 10m --json | jobs why - --json | jq -r .code | sort | uniq -c",
      does: "of all that wait for long",
    },
  ],
  run: async (cli, [given]) => {
    const ids = await jobIds(given, cli);
    const client = await cli.client();
    for (const [index, id] of ids.entries()) {
      const why = await client.why(id, { signal: cli.signal });
      await cli.out.result(why, () => [...(index === 0 ? [] : [""]), ...whyLines(id, why)]);
    }
    return EXIT.done;
  },
});

function whyLines(id: string, { code, summary, nextStep, facts, unread = [] }: Why): string[] {
  const entries = Object.entries(facts);
  const width = Math.max(0, ...entries.map(([name]) => name.length));
  return [
    `${styled("bold", visible(id))}  ${styled(FINE.has(code) ? "cyan" : "yellow", code)}`,
    "",
    visible(summary),
    ...(nextStep === "" ? [] : [`${styled("dim", "→")} ${visible(nextStep)}`]),
    ...(entries.length === 0 ? [] : [""]),
    ...entries.map(([name, value]) => `  ${styled("dim", visible(name).padEnd(width))}  ${factText(value)}`),
    ...unread.map((source) => styled("yellow", `  could not be read: ${visible(source)}`)),
  ];
}

function factText(value: string | number | boolean): string {
  return typeof value === "string" && TIME.test(value) ? localTime(value) : visible(String(value));
}
