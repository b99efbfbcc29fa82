import type { ScheduleSettings, Schedules } from "./schedules.ts";

/** A call of EventBridge Scheduler's API (protocol: REST with JSON). */
export interface SchedulerCall {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** JSON; empty where there is none. */
  readonly body: string;
}

export interface SchedulerAnswer {
  readonly status: number;
  /** The name of an error's type. */
  readonly error?: string;
  readonly body: object;
}

const SCHEDULE_PATH = /^\/schedules\/([\w.-]{1,64})$/;
/** A token of the caller's makes the same call, sent again, no other one. */
type Tokens = Map<string, string>;

/**
 * Answers the calls of EventBridge Scheduler's API that this system makes: create, update, read and delete a schedule of the one group.
 *
 * @param tokens of the schedules that were made, by name.
 */
export function answerScheduler(
  { schedules, group, tokens }: { readonly schedules: Schedules; readonly group: string; readonly tokens: Tokens },
  { method, path, body }: SchedulerCall,
  now: number,
): SchedulerAnswer {
  const { pathname, searchParams } = new URL(path, "http://localhost");
  const [, name] = SCHEDULE_PATH.exec(pathname) ?? [];
  if (name === undefined) return failure(400, "ValidationException", `${method} ${pathname} is no call that is known here`);
  const parameters = readParameters(body);
  if (parameters === undefined) return failure(400, "ValidationException", "the body is not JSON");
  const asked = parameters.GroupName ?? searchParams.get("groupName") ?? "default";
  if (asked !== group) return failure(404, "ResourceNotFoundException", `Schedule group ${asked} does not exist.`);
  const found = schedules.get(name);
  const missing = failure(404, "ResourceNotFoundException", `Schedule ${name} does not exist.`);
  const put = (): SchedulerAnswer => {
    try {
      schedules.put(name, parameters as unknown as ScheduleSettings, now);
      return { status: 200, body: { ScheduleArn: `arn:aws:scheduler:us-east-1:000000000000:schedule/${group}/${name}` } };
    } catch (error) {
      return failure(400, "ValidationException", `Invalid Schedule Expression: ${(error as Error).message}`);
    }
  };
  switch (method) {
    case "POST": {
      const token = String(parameters.ClientToken);
      if (found !== undefined && tokens.get(name) !== token) {
        return failure(409, "ConflictException", `Schedule ${name} already exists.`);
      }
      tokens.set(name, token);
      return put();
    }
    case "PUT":
      return found === undefined ? missing : put();
    case "GET":
      return found === undefined ? missing : { status: 200, body: { Name: name, GroupName: group, ...found } };
    case "DELETE":
      return schedules.delete(name) ? { status: 200, body: {} } : missing;
    default:
      return failure(400, "ValidationException", `${method} is no call that is known here`);
  }
}

function readParameters(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return body === "" ? {} : (JSON.parse(body) as Readonly<Record<string, unknown>>);
  } catch {
    return undefined;
  }
}

function failure(status: number, error: string, Message: string): SchedulerAnswer {
  return { status, error, body: { Message } };
}
