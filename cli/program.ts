import { Argument, Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { UsageError } from "./cli-error.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";
import { exampleLines } from "./help.ts";
import type { OptionSpec, Verb } from "./verb.ts";

export const PROGRAM = "jobs";

/** Options of every verb. */
export const COMMON_OPTIONS: readonly OptionSpec[] = [
  { flags: "--json", description: "JSON instead of tables; a document a line where nobody looks" },
  { flags: "--api <url>", description: "the API (default: the platform on this machine, else JOBS_API_URL)" },
];

export interface CommonOptions {
  readonly json?: boolean;
  readonly api?: string;
}

/** What the command line asks for. */
export interface Call {
  readonly verb: Verb;
  readonly args: readonly unknown[];
  readonly options: CommonOptions;
}

export interface Streams {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

/**
 * Reads the command line.
 *
 * @returns the call, or the code to end with where help was asked for or something is wrong, which has then been said.
 */
export function readCommandLine(
  verbs: readonly Verb[],
  args: readonly string[],
  version: string,
  streams: Streams,
): Call | ExitCode {
  let call: Call | undefined;
  const program = buildProgram(verbs, version, streams, (asked) => {
    call = asked;
  });
  try {
    program.parse(args, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    throw error;
  }
  return call ?? EXIT.usage;
}

/** The command with all verbs; `onCall` gets what is asked for. */
export function buildProgram(
  verbs: readonly Verb[],
  version: string,
  { stdout, stderr }: Streams,
  onCall: (call: Call) => void,
): Command {
  const program = new Command(PROGRAM)
    .description("Adds, follows and explains background jobs.")
    .version(version, "-V, --version", "the version of this command")
    .exitOverride()
    .showSuggestionAfterError()
    .configureHelp({ showGlobalOptions: false })
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      getOutHelpWidth: () => stdout.columns ?? 100,
      getErrHelpWidth: () => stderr.columns ?? 100,
      outputError: (text, write) => write(text.replace(/^error: /, `${PROGRAM}: `)),
    })
    .addHelpText(
      "after",
      `\nMore: ${PROGRAM} <verb> --help, and docs/cli.md. Exit codes: 0 done, 1 failed or refused, 2 wrong usage, 3 API not reached.`,
    );
  const groups = new Map<string, Command>();
  for (const verb of verbs) {
    const [first = "", second] = verb.name.split(" ");
    if (second === undefined) {
      program.addCommand(commandOf(first, verb, program, onCall), { hidden: verb.hidden === true });
      continue;
    }
    let group = groups.get(first);
    if (group === undefined) {
      group = program.command(first).description(
        `${verbs
          .filter(({ name }) => name.startsWith(`${first} `))
          .map(({ name }) => name.split(" ")[1])
          .join(", ")}: see ${PROGRAM} ${first} --help`,
      );
      groups.set(first, group);
    }
    group.addCommand(commandOf(second, verb, group, onCall));
  }
  return program;
}

function commandOf(name: string, verb: Verb, parent: Command, onCall: (call: Call) => void): Command {
  const command = parent.createCommand(name).copyInheritedSettings(parent).summary(verb.summary);
  command.description(verb.details === undefined ? verb.summary : `${verb.summary}\n\n${verb.details}`);
  for (const { name: argument, description } of verb.arguments ?? []) command.addArgument(new Argument(argument, description));
  for (const option of [...(verb.options ?? []), ...COMMON_OPTIONS]) command.addOption(optionOf(option));
  command.addHelpText("after", exampleLines(verb.examples));
  command.action(() => onCall({ verb, args: command.processedArgs, options: command.opts() }));
  return command;
}

function optionOf({ flags, description, parse = (text) => text, repeat = false, choices }: OptionSpec): Option {
  const option = new Option(flags, choices === undefined ? description : `${description} (${choices.join(", ")})`);
  if (!flags.includes("<")) return option;
  return option.argParser((text: string, before: unknown) => {
    const value = read(text, choices, parse);
    return repeat ? [...((before as unknown[] | undefined) ?? []), value] : value;
  });
}

/** @throws InvalidArgumentError, in whose message commander names the option. */
function read(text: string, choices: readonly string[] | undefined, parse: (text: string) => unknown): unknown {
  if (choices !== undefined) {
    const choice = choices.find((one) => one.toLowerCase() === text.toLowerCase());
    if (choice === undefined) throw new InvalidArgumentError(`Allowed: ${choices.join(", ")}`);
    return choice;
  }
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new InvalidArgumentError(error.message.replace(/^a/, "A"));
  }
}
