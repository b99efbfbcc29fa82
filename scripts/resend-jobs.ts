import { parseArgs } from "node:util";
import { loadEnvironment } from "../environments/load.ts";
import { forEachItem } from "./jobs-items.ts";
import { localMessages } from "./local-messages.ts";
import { platformMessages, runCommand, tellRemarks } from "./platform-messages.ts";

const USAGE = `Sends the ID of every job that has not ended to its type's queue, as after a queue was purged or a table was restored.

Usage: npm run resend-jobs -- [options]

  --type <type>   only jobs of this type (default: all)
  --dry-run       count, and send nothing
  --local         of the platform that npm start runs here
  --help          show this

Without --local, of the environment that JOBS_ENVIRONMENT names. A message too many does no harm: whoever gets the second finds its job in hand, or ended.`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      type: { type: "string" },
      "dry-run": { type: "boolean", default: false },
      local: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const { type, local, "dry-run": dryRun } = values;
  const { dynamoDb, sender, table } = await (local ? localMessages(dryRun) : platformMessages(await loadEnvironment(), dryRun));
  const read = await forEachItem(dynamoDb, table, type, async (item) => await sender.sendFor(item));
  console.log(`${read} items of ${table}: ${sender.sent} messages ${dryRun ? "would be" : "were"} sent`);
  tellRemarks(sender);
}

await runCommand(main);
