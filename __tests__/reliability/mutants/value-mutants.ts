import type { Mutant } from "./mutant.ts";

/** The product where something on a payload's way reads it, and writes it anew. */
export const VALUE_MUTANTS: readonly Mutant[] = [
  {
    name: "an input that is written anew before it is stored",
    edits: [{ file: "handlers/read-add-job.ts", find: 'texts.get("input") as string', replace: "JSON.stringify(input)" }],
    breaks: [28],
    killer: "values of every kind",
  },
  {
    name: "answers that write payloads anew",
    edits: [
      {
        file: "domain/job-json.ts",
        find: "export function jobJson(",
        replace:
          "export const jobJson = (...job: Parameters<typeof written>) => JSON.stringify(JSON.parse(written(...job)));\nfunction written(",
      },
    ],
    breaks: [28],
    killer: "values of every kind",
  },
  {
    name: "events that write payloads anew",
    edits: [
      {
        file: "domain/job-events.ts",
        find: "return jobJson(job).replace(",
        replace: "return JSON.stringify(JSON.parse(jobJson(job))).replace(",
      },
    ],
    breaks: [28],
    killer: "values of every kind",
  },
  {
    name: "a command's input that is written anew",
    edits: [
      {
        file: "worker/command-input.ts",
        find: "if (isDeepStrictEqual(input, JSON.parse(text))) return text;",
        replace: "if (isDeepStrictEqual(input, JSON.parse(text))) return JSON.stringify(input);",
      },
    ],
    breaks: [28],
    killer: "values of every kind",
  },
  {
    name: "a command's result that is written anew",
    edits: [
      {
        file: "worker/command-result.ts",
        find: 'if (references === undefined) return { kind: "returned", json: text };',
        replace: 'if (references === undefined) return { kind: "returned", json: JSON.stringify(JSON.parse(text)) };',
      },
    ],
    breaks: [28],
    killer: "values of every kind",
  },
  {
    name: "results without the sign of zero",
    edits: [{ file: "worker/lossless-json.ts", find: 'Object.is(value, -0) ? "-0" : String(value)', replace: "String(value)" }],
    breaks: [28],
    killer: "values of every kind",
  },
];
