import { EXIT } from "../exit-codes.ts";
import { pausedLines } from "../output/type-view.ts";
import { defineVerb } from "../verb.ts";

export const pauseVerb = defineVerb<{ readonly reason?: string }, [string]>({
  name: "pause",
  summary: "start no more jobs of a type",
  details:
    "Its jobs are still accepted, and wait. Those that run end, and then its workers stop. Who paused it, when and why is shown by jobs types and jobs status.",
  arguments: [{ name: "<type>", description: "the job type", completes: "jobTypes" }],
  options: [{ flags: "-m, --reason <text>", description: "what for; others see it" }],
  examples: [{ command: `jobs pause canary --reason "the disk of the database is full"`, does: "start no more" }],
  run: async ({ client, out, signal }, [type], { reason }) => {
    const paused = await (await client()).pause(type, { ...(reason === undefined ? {} : { reason }), signal });
    await out.result(paused, () => [`${type}: ${pausedLines(paused).join("")}`]);
    if (!out.isJson) out.note(`Start its jobs again: jobs resume ${type}`);
    return EXIT.done;
  },
});
