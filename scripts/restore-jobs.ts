import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { SettingsError } from "@autoscaling-job-queues/domain/errors";
import { loadEnvironment } from "../environments/load.ts";
import { forEachItem } from "./jobs-items.ts";
import { platformMessages, runCommand, tellRemarks } from "./platform-messages.ts";
import { type PutBackOutcome, putBack } from "./put-back.ts";
import { marksOf } from "./put-mark-back.ts";

const USAGE = `Puts jobs and batches of a restored table back into the table of jobs, and sends the messages that they need.

Usage: npm run restore-jobs -- --from <table> [options]

  --from <table>     the restored table; its name begins as that of the environment's own: jobs-prod-jobs-restored
  --type <type>      only jobs and batches of this type (default: all)
  --replace <file>   IDs, one a line, of jobs and batches to put in place of what is there; all others are put back only where they are missing
  --dry-run          count, and change nothing
  --help             show this

Of the environment that JOBS_ENVIRONMENT names; the platform on one machine has no tables that could be restored. Pause the types first; to run it again does no harm.`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      from: { type: "string" },
      type: { type: "string" },
      replace: { type: "string" },
      "dry-run": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const { from, type, replace, "dry-run": dryRun } = values;
  const environment = await loadEnvironment();
  const { dynamoDb, sender, table } = await platformMessages(environment, dryRun);
  // Its jobs name queues, keys and owners of their own environment.
  if (from === undefined || !from.startsWith(`${table}-`)) {
    const allowed = `a table that was restored for ${environment.name}, under a name that begins with ${table}-`;
    throw new SettingsError("--from", from, allowed);
  }
  const putMarkBack = marksOf({ client: dynamoDb, from, table, dryRun });
  const settings = { client: dynamoDb, table, sender, putMarkBack, replace: await idsIn(replace), now: Date.now, dryRun };
  const counts: Record<PutBackOutcome, number> = { putBack: 0, replaced: 0, there: 0, expired: 0, foreign: 0, unsound: 0 };
  const read = await forEachItem(dynamoDb, from, type, async (item) => {
    counts[await putBack(item, settings)] += 1;
  });
  const did = dryRun ? "would be" : "were";
  console.log(
    `${read} items of ${from}: ${counts.putBack} ${did} put back, ${counts.replaced} ${did} replaced, ` +
      `${counts.there} are there, ${counts.expired} had expired; ${sender.sent} messages ${did} sent`,
  );
  if (counts.foreign > 0)
    console.log(`${counts.foreign} items are neither jobs nor batches, nor what batches asked for: left alone`);
  tellRemarks(sender);
}

async function idsIn(file: string | undefined): Promise<ReadonlySet<string>> {
  if (file === undefined) return new Set();
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new SettingsError("--replace", file, `a file of IDs, one a line (${error.message})`);
  });
  return new Set(text.split(/\s+/).filter((id) => id !== ""));
}

await runCommand(main);
