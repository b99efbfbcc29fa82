import { readProcess } from "../../domain/process-table.ts";
import { enclosureOf } from "../../worker/runners/commands/enclosure.ts";
import { shellRunner } from "./shell-runner.ts";
import { buildRun } from "./worker-run.ts";

/**
 * A program for the first process of a PID namespace: runs, as a worker does there, a command that leaves a daemon behind with
 * nothing that tells whose it is, and prints as JSON whether the worker is alone, how the command ended, and whether the daemon lives.
 */
const DAEMON = "env -i setsid sh -c 'sleep 600 > /dev/null 2>&1 < /dev/null & echo $!'";
const enclosure = enclosureOf(process.env, process);
const outcome = await shellRunner(DAEMON, "/", { enclosure }).run(buildRun());
const daemon = Number(outcome.kind === "returned" ? outcome.json : undefined);
console.log(
  JSON.stringify({ isAlone: enclosure !== undefined, kind: outcome.kind, lives: readProcess(daemon)?.isZombie === false }),
);
process.exit();
