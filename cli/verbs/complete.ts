import { JobsClient } from "@autoscaling-job-queues/client/jobs-client";
import { completions } from "../completion-words.ts";
import { EXIT } from "../exit-codes.ts";
import { defineVerb, type Verb } from "../verb.ts";

/** Whoever presses Tab does not wait for longer than this, in milliseconds. */
const PATIENCE_MS = 2_000;

/** Whatever a shell would read as more than a word, an API that answers so shall not put on its command line. */
const PLAIN = /^[a-z0-9-]+$/;

/** What shells call when Tab is pressed: prints the words that fit, one a line. */
export function completeVerbOf(verbs: () => readonly Verb[]): Verb {
  return defineVerb<object, [string[]]>({
    name: "complete",
    summary: "print the words that complete a command line",
    hidden: true,
    arguments: [{ name: "[words...]", description: "the words after jobs; the last is being written" }],
    examples: [{ command: "jobs complete -- add can", does: "what the shell asks" }],
    run: async ({ connection, out, signal }, [words]) => {
      const jobTypes = async (): Promise<readonly string[]> => {
        const { settings } = await connection();
        const impatient = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
        const types = await new JobsClient({ ...settings, retries: { tries: 1 } }).jobTypes({ signal: impatient });
        return types.map(({ name }) => name).filter((name) => PLAIN.test(name));
      };
      await out.lines(await completions(verbs(), words, jobTypes));
      return EXIT.done;
    },
  });
}
