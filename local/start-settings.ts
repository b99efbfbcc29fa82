import { parseArgs } from "node:util";
import { SettingsError } from "@autoscaling-job-queues/domain/errors";

/** Where the state is kept unless another folder is named. */
const KEPT_FOLDER = ".local/kept";

export const START_USAGE = `Runs the whole platform on this machine until Ctrl-C, and shows every change of a job.

Usage: npm start [-- options]

  --speed N         run the clock of the alarms N times faster than on AWS (default 1); schedules keep to the true time
  --max-workers N   run at most N worker processes at once (default: twice the cores and 2 more)
  --inspect[=TYPE]  let a debugger attach to the worker of this type, or of each type, at 127.0.0.1
  --keep[=FOLDER]   keep jobs, files and schedules for the next start (default folder: ${KEPT_FOLDER})
  --watch           build a job type anew when its sources change, and replace its workers
  --help            show this

  PORT=<number>     port of the HTTP API (default 3000; 0 for any free one)
  JOBS_ACCESS=owner callers see their own jobs only; the header X-Local-Principal says who calls
  AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_<SERVICE>
                    use this address for SQS, SNS, S3 or DynamoDB instead of starting an emulator`;

export interface StartSettings {
  readonly port: number;
  readonly speed: number;
  readonly maxWorkers?: number;
  /** Name of the job type whose worker waits for a debugger; empty for all. */
  readonly inspect?: string;
  /** Folder that keeps the state. */
  readonly keep?: string;
  /** Job types are built anew when their sources change. */
  readonly watch: boolean;
}

const DEFAULT_PORT = 3_000;
const MAX_PORT = 65_535;
/** At this speed a minute of the alarms is 60 ms; sampling the queues any faster would only keep them busy. */
const MAX_SPEED = 1_000;
const MAX_WORKERS = 1_000;

/**
 * Reads the command line and `PORT`.
 *
 * @returns undefined when help is asked for.
 * @throws SettingsError for the first setting that is wrong.
 */
export function startSettings(args: readonly string[], variables: NodeJS.ProcessEnv): StartSettings | undefined {
  const values = options(args);
  if (values.help) return undefined;
  const port = number("PORT", variables.PORT || String(DEFAULT_PORT), { min: 0, max: MAX_PORT, whole: true });
  const speed = number("--speed", values.speed ?? "1", { min: 0.01, max: MAX_SPEED, whole: false });
  const maxWorkers = values["max-workers"];
  return {
    port,
    speed,
    watch: values.watch ?? false,
    ...(values.keep === undefined ? {} : { keep: values.keep || KEPT_FOLDER }),
    ...(values.inspect === undefined ? {} : { inspect: values.inspect }),
    ...(maxWorkers === undefined
      ? {}
      : { maxWorkers: number("--max-workers", maxWorkers, { min: 1, max: MAX_WORKERS, whole: true }) }),
  };
}

function options(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      // Options whose values may be left out.
      args: args.map((arg) => (["--inspect", "--keep"].includes(arg) ? `${arg}=` : arg)),
      options: {
        speed: { type: "string" },
        "max-workers": { type: "string" },
        inspect: { type: "string" },
        keep: { type: "string" },
        watch: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
    return values;
  } catch {
    throw new SettingsError(
      "the command line",
      args.join(" "),
      "--speed N, --max-workers N, --inspect[=TYPE], --keep[=FOLDER], --watch, --help",
    );
  }
}

function number(name: string, text: string, { min, max, whole }: { min: number; max: number; whole: boolean }): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (!(value >= min && value <= max) || (whole && !Number.isInteger(value))) {
    throw new SettingsError(name, text, `a ${whole ? "whole " : ""}number from ${min} to ${max}`);
  }
  return value;
}
