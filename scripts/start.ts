import { START_USAGE, startSettings } from "../local/start-settings.ts";
import { buildWhenChanged } from "./build-when-changed.ts";
import { BUNDLES, CLI } from "./builds.ts";
import { failed } from "./failed.ts";

/** `npm start`: builds what has changed, and runs the platform on this machine. What is wrong with the command line is said before. */
async function start(): Promise<void> {
  if (startSettings(process.argv.slice(2), process.env) === undefined) {
    console.log(START_USAGE);
    return;
  }
  await Promise.all([BUNDLES, CLI].map(buildWhenChanged));
  await import("../local/start.ts");
}

start().catch(failed);
