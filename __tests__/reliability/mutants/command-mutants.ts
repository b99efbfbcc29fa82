import type { Mutant } from "./mutant.ts";

const PROCESSES = "worker/command-processes.ts";

/** Guards of what a command leaves behind. */
export const COMMAND_MUTANTS: readonly Mutant[] = [
  {
    name: "ending the process group of a command alone",
    edits: [{ file: PROCESSES, find: "        for (const entry of left) kill(entry);\n", replace: "" }],
    breaks: [27],
    killer: "a command that leaves a process behind",
  },
  {
    name: "overlooking the mark in the environment of a command's processes",
    edits: [{ file: PROCESSES, find: "markOf(pid) === this.#mark", replace: 'markOf(pid) === ""' }],
    breaks: [27],
    killer: "a command that leaves a process behind",
  },
  {
    name: "following a link in the place of a command's file",
    edits: [{ file: "worker/command-files.ts", find: " | constants.O_NOFOLLOW", replace: "" }],
    breaks: ["what is stored of a command are its own files"],
    killer: "a file that is swapped for a link",
  },
];
