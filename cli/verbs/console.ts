import { once } from "node:events";
import { CliError } from "../cli-error.ts";
import { consoleLogs } from "../console/console-logs.ts";
import { startConsole } from "../console/console-server.ts";
import { pageFolder } from "../console/page-folder.ts";
import { EXIT } from "../exit-codes.ts";
import { numberIn } from "../input/numbers.ts";
import { defineVerb } from "../verb.ts";

const MAX_PORT = 65_535;

interface ConsoleOptions {
  readonly port?: number;
  readonly untilStdinEnds?: true;
}

export const consoleVerb = defineVerb<ConsoleOptions>({
  name: "console",
  summary: "serve a page to this machine that shows jobs and types, and acts on them",
  details:
    "The page passes its calls on to the API with your credentials, until Ctrl-C. Its address has a token that is new at every start: whoever has the address acts as you. Nothing but this machine reaches it.",
  options: [
    {
      flags: "--port <n>",
      description: "port of the page (default: any free one)",
      parse: numberIn({ min: 0, max: MAX_PORT }),
    },
    { flags: "--until-stdin-ends", description: "ends with its standard input, for programs that start it" },
  ],
  examples: [
    { command: "jobs console", does: "the console of the platform that runs on this machine, or of JOBS_API_URL" },
    { command: "jobs console --api https://abc123.execute-api.eu-central-1.amazonaws.com", does: "of another one" },
  ],
  run: async ({ connection, client, out, signal, stdin, env }, _, { port = 0, untilStdinEnds }) => {
    const connected = await connection();
    const api = await client();
    // An API that is not reached, or refuses the caller, is told here rather than on the page.
    await api.jobTypes({ signal });
    const logs = consoleLogs(connected, api, env);
    const server = await startConsole({ api: connected.settings, logs, page: pageFolder(), port }).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code !== "EADDRINUSE" && error.code !== "EACCES") throw error;
        throw new CliError(`port ${port} cannot be used (${error.code}); give another with --port, or none`, EXIT.usage);
      },
    );
    await out.result({ address: server.address }, () => [server.address]);
    out.note("Open this address in a browser on this machine. It acts as you: share it with nobody. Ctrl-C ends it.");
    const interrupted = signal.aborted ? Promise.resolve() : once(signal, "abort");
    await (untilStdinEnds === true ? Promise.race([interrupted, once(stdin.resume(), "end")]) : interrupted);
    await server.stop();
    return EXIT.done;
  },
});
