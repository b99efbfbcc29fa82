import { spawn } from "node:child_process";
import { CLI, cliEnvironment } from "./run-cli.ts";

export interface TerminalRun {
  /** All that the terminal got, with its controls. */
  readonly screen: string;
  /** The same as lines of plain text; what a line was overwritten with stands behind what it was. */
  readonly plain: string;
  readonly code: number | null;
}

export interface TerminalSettings {
  readonly cwd: string;
  readonly columns?: number;
  /** What is typed, once the terminal shows a text. */
  readonly types?: readonly { readonly after: string; readonly keys: string }[];
  readonly env?: NodeJS.ProcessEnv;
}

/** Python's own pty gives the command a terminal of a certain width, and takes keys from what is piped in. */
const PTY = `
import fcntl, os, pty, select, struct, sys, termios
columns = int(sys.argv[1])
pid, master = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    os.execvp(sys.argv[2], sys.argv[2:])
inputs = [master, 0]
while True:
    ready, _, _ = select.select(inputs, [], [])
    if 0 in ready:
        keys = os.read(0, 4096)
        if keys: os.write(master, keys)
        else: inputs.remove(0)
    if master in ready:
        try: shown = os.read(master, 65536)
        except OSError: break
        if not shown: break
        os.write(1, shown)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

/** Runs a command on a terminal. */
export async function onTerminal(command: readonly string[], settings: TerminalSettings): Promise<TerminalRun> {
  const { cwd, columns = 120, types = [], env = {} } = settings;
  const child = spawn("python3", ["-c", PTY, String(columns), ...command], {
    cwd,
    env: cliEnvironment({ TERM: "xterm-256color", ...env }),
    stdio: ["pipe", "pipe", "inherit"],
  });
  let screen = "";
  const waiting = [...types];
  child.stdout.setEncoding("utf8");
  child.stdout.on("data", (shown: string) => {
    screen += shown;
    for (let [next] = waiting; next !== undefined && screen.includes(next.after); [next] = waiting) {
      child.stdin.write(next.keys);
      waiting.shift();
    }
  });
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { screen, plain: plainText(screen), code };
}

/** Runs `jobs` on a terminal. */
export async function jobsOnTerminal(args: readonly string[], settings: TerminalSettings): Promise<TerminalRun> {
  return await onTerminal([process.execPath, CLI, ...args], settings);
}

function plainText(screen: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: sequences of a terminal begin with one.
  return screen.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, "").replaceAll("\r\n", "\n");
}
