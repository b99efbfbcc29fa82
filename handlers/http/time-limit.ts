import { type Context, createContext, Script } from "node:vm";

const RUN = new Script("run()");
let context: Context | undefined;

/**
 * Runs code that must not hold up the event loop for ever, such as a regular expression over a text from outside. It is stopped
 * wherever it is.
 *
 * @throws Error "ERR_SCRIPT_EXECUTION_TIMEOUT" past the limit, and what the code throws.
 */
export function runWithin<Result>(milliseconds: number, run: () => Result): Result {
  context ??= createContext({});
  context.run = run;
  try {
    return RUN.runInContext(context, { timeout: milliseconds }) as Result;
  } finally {
    delete context.run;
  }
}
