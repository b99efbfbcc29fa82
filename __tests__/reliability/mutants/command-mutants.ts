import { edit, type Mutant } from "./mutant.ts";

const PROCESSES = "worker/runners/commands/processes.ts";

/** Guards of what a command leaves behind. */
export const COMMAND_MUTANTS: readonly Mutant[] = [
  {
    name: "ending the process group of a command alone",
    edits: [edit(PROCESSES, "RunningCommands.#end", "for (const entry of left) kill(entry);", "")],
    breaks: [27],
    killer: "a command that leaves a process behind",
  },
  {
    name: "overlooking the mark in the environment of a command's processes",
    edits: [edit(PROCESSES, "Command", "markOf(pid) === this.#mark", 'markOf(pid) === ""')],
    breaks: [27],
    killer: "a command that leaves a process behind",
  },
  {
    name: "following a link in the place of a command's file",
    edits: [
      edit("worker/runners/commands/files.ts", "READ_FILE", "constants.O_RDONLY | constants.O_NOFOLLOW", "constants.O_RDONLY "),
    ],
    breaks: ["what is stored of a command are its own files"],
    killer: "a file that is swapped for a link",
  },
];
