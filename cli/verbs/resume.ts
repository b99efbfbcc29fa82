import { EXIT } from "../exit-codes.ts";
import { defineVerb } from "../verb.ts";

export const resumeVerb = defineVerb<object, [string]>({
  name: "resume",
  summary: "start jobs of a paused type again",
  details: "Workers start at once for the jobs that wait.",
  arguments: [{ name: "<type>", description: "the job type", completes: "jobTypes" }],
  examples: [{ command: "jobs resume canary", does: "start them again" }],
  run: async ({ client, out, signal }, [type]) => {
    const resumed = await (await client()).resume(type, { signal });
    await out.result(resumed, () => [`${type} starts jobs again.`]);
    return EXIT.done;
  },
});
