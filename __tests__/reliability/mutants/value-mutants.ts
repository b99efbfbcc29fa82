// biome-ignore-all lint/suspicious/noTemplateCurlyInString: mutants quote source.

import { edit, type Mutant } from "./mutant.ts";

/** The product where something on a payload's way reads it, and writes it anew. */
export const VALUE_MUTANTS: readonly Mutant[] = [
  {
    name: "an input that is written anew before it is stored",
    edits: [edit("handlers/jobs/read-add-job.ts", "readAddJob", 'texts.get("input") as string', "JSON.stringify(input)")],
    breaks: [28],
    killer: "values of every kind",
  },
  {
    name: "answers that write payloads anew",
    edits: [
      edit(
        "domain/job-json.ts",
        "jobJson",
        '`${head.slice(0, -1)}${payloads.join("")}}`',
        'JSON.stringify(JSON.parse(`${head.slice(0, -1)}${payloads.join("")}}`))',
      ),
    ],
    breaks: [28],
    killer: "values of every kind",
  },
  {
    name: "events that write payloads anew",
    edits: [edit("domain/job-events.ts", "jobEvent", "jobJson(job).replace", "JSON.stringify(JSON.parse(jobJson(job))).replace")],
    breaks: [28],
    killer: "values of every kind",
  },
  {
    name: "a command's input that is written anew",
    edits: [
      edit(
        "worker/runners/commands/input.ts",
        "commandInput",
        "if (isDeepStrictEqual(input, JSON.parse(text))) return text;",
        "if (isDeepStrictEqual(input, JSON.parse(text))) return JSON.stringify(input);",
      ),
    ],
    breaks: [28],
    killer: "values of every kind",
  },
  {
    name: "a command's result that is written anew",
    edits: [
      edit(
        "worker/runners/commands/result.ts",
        "commandResult",
        '{ kind: "returned", json: text }',
        '{ kind: "returned", json: JSON.stringify(JSON.parse(text)) }',
      ),
    ],
    breaks: [28],
    killer: "values of every kind",
  },
  {
    name: "results without the sign of zero",
    edits: [edit("worker/runners/lossless-json.ts", "scalar", 'Object.is(value, -0) ? "-0" : String(value)', "String(value)")],
    breaks: [28],
    killer: "values of every kind",
  },
];
