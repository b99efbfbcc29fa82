import { shellRunner } from "./shell-runner.ts";
import { buildRun } from "./worker-run.ts";

/**
 * A program that runs scripts of the shell at the same time, as `process` jobs of one worker: `node command-program.ts <scripts>`,
 * a JSON list. It prints, as JSON, how each ended and said how much, and the most memory that this process had.
 */
const scripts = JSON.parse(process.argv[2] ?? "[]") as string[];
const ended = await Promise.all(
  scripts.map(async (script) => {
    const said = { lines: 0, characters: 0, dropped: 0, progress: 0 };
    const outcome = await shellRunner(script, "/").run(
      buildRun({
        log: (_, message, details) => {
          said.lines += 1;
          said.characters += message.length;
          said.dropped += (details?.lines as number | undefined) ?? 0;
        },
        progress: () => {
          said.progress += 1;
        },
      }),
    );
    return { outcome, said };
  }),
);
console.log(JSON.stringify({ ended, mostMiB: process.resourceUsage().maxRSS / 1_024 }));
