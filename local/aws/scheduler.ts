import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { KeptSchedules } from "./kept-schedules.ts";
import { type ListeningServer, listen } from "./listening.ts";
import { answerScheduler, type SchedulerAnswer } from "./scheduler-api.ts";
import { type Invocation, type ScheduleSettings, Schedules } from "./schedules.ts";

/** The one group of schedules of this machine. */
export const SCHEDULE_GROUP = "local";

export interface SchedulerSettings {
  /** The name of the one group of schedules. @default "local" */
  readonly group?: string;
  /** Invokes the target of a schedule. @param input JSON. */
  readonly invoke: (input: string) => Promise<unknown>;
  /** File that keeps the schedules that delete themselves. @default they are in memory */
  readonly file?: string | undefined;
  /** Epoch milliseconds. @default Date.now */
  readonly now?: () => number;
  /** Told in one sentence when an invocation failed; it is tried again. */
  readonly report: (line: string) => void;
}

/** EventBridge Scheduler on this machine. */
export interface Scheduler extends ListeningServer {
  /** Makes a schedule, as Terraform does. */
  readonly put: (name: string, settings: ScheduleSettings) => void;
  /** Looks at the clock, which has been set. */
  readonly clockSet: () => void;
}

/** The longest wait of a timer (Node.js: setTimeout), and so the longest after which the clock is looked at again. */
const MAX_TIMER_MS = 2 ** 31 - 1;
/** Longer and longer, as Lambda and the scheduler wait between their tries. */
const RETRY_MS = [1_000, 5_000, 15_000, 60_000] as const;

/** Starts the scheduler: its API, and the clock that invokes what is due. */
export async function startScheduler({
  group = SCHEDULE_GROUP,
  invoke,
  file,
  now = Date.now,
  report,
}: SchedulerSettings): Promise<Scheduler> {
  const state = { schedules: new Schedules(), group, tokens: new Map<string, string>() };
  const stopping = new AbortController();
  const underWay = new Set<Promise<void>>();
  const kept = new KeptSchedules(file, state);
  let timer: NodeJS.Timeout | undefined;

  const run = async ({ name, input }: Invocation): Promise<void> => {
    for (let tries = 0; !stopping.signal.aborted; tries += 1) {
      try {
        await invoke(input);
        kept.ran(name);
        return;
      } catch (error) {
        if (tries === 0) report(`the schedule ${name} will be tried again: ${(error as Error).message}`);
        const pauseMs = RETRY_MS[Math.min(tries, RETRY_MS.length - 1)];
        await delay(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
  };
  const takeDue = (): void => {
    const due = kept.taking(() => state.schedules.takeDue(now()));
    for (const invocation of due) {
      const running = run(invocation).finally(() => underWay.delete(running));
      underWay.add(running);
    }
    setTimer();
  };
  const setTimer = (): void => {
    clearTimeout(timer);
    const next = state.schedules.nextAt();
    if (next === undefined || stopping.signal.aborted) return;
    timer = setTimeout(takeDue, Math.min(MAX_TIMER_MS, Math.max(0, next - now())));
  };

  kept.load(now());
  setTimer();
  const server = await listen((request, response) => {
    answer(request)
      .then((result) => send(response, result))
      .catch(() => response.destroy());
  });
  const answer = async (request: IncomingMessage): Promise<SchedulerAnswer> => {
    const call = { method: request.method ?? "", path: request.url ?? "", body: await text(request) };
    const result = answerScheduler(state, call, now());
    if (call.method !== "GET") kept.save();
    setTimer();
    return result;
  };
  return {
    ...server,
    put: (name, settings) => {
      state.schedules.put(name, settings, now());
      setTimer();
    },
    clockSet: setTimer,
    stop: async () => {
      stopping.abort();
      clearTimeout(timer);
      await server.stop();
      await Promise.all(underWay);
    },
  };
}

function send(response: ServerResponse, { status, error, body }: SchedulerAnswer): void {
  response.writeHead(status, {
    "content-type": "application/json",
    ...(error === undefined ? {} : { "x-amzn-errortype": error }),
  });
  response.end(JSON.stringify(body));
}
