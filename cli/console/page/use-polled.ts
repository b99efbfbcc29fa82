import { useEffect, useRef, useState } from "preact/hooks";
import { reportConnection } from "./connection.ts";
import { ConsoleError } from "./data/console-error.ts";

export interface Polled<Value> {
  /** The last that was read; it stays while a later try fails. */
  readonly value: Value | undefined;
  /** Of the last try. */
  readonly error: ConsoleError | undefined;
  /** Reads it again, now. */
  readonly refresh: () => void;
  readonly set: (value: Value) => void;
}

export interface PollOptions<Value> {
  /** Milliseconds from an answer to the next request; undefined: read once. */
  readonly everyMs: number | undefined;
  /** Whether this value is the last, as of a job that has ended. @default never */
  readonly until?: (value: Value) => boolean;
  /** @default true */
  readonly enabled?: boolean;
}

/** Reads something, again and again while the page is seen. @param key what is read: another starts from nothing. */
export function usePolled<Value>(
  key: string,
  read: (signal: AbortSignal) => Promise<Value>,
  { everyMs, until = () => false, enabled = true }: PollOptions<Value>,
): Polled<Value> {
  const [state, setState] = useState<{ key: string; value?: Value; error?: ConsoleError }>({ key });
  const [round, setRound] = useState(0);
  const readNow = useRef(read);
  readNow.current = read;
  const isLast = useRef(until);
  isLast.current = until;

  useEffect(() => {
    if (!enabled) return undefined;
    const controller = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const again = (): void => {
      if (everyMs !== undefined && !controller.signal.aborted) timer = setTimeout(() => void load(), everyMs);
    };
    const load = async (): Promise<void> => {
      if (document.hidden) return again();
      try {
        const value = await readNow.current(controller.signal);
        if (controller.signal.aborted) return;
        reportConnection(undefined);
        setState({ key, value });
        if (!isLast.current(value)) again();
      } catch (error) {
        if (controller.signal.aborted) return;
        const told = error instanceof ConsoleError ? error : new ConsoleError("PageFailed", String(error));
        reportConnection(told);
        setState((before) => (before.key === key ? { ...before, error: told } : { key, error: told }));
        again();
      }
    };
    const onVisible = (): void => {
      if (document.hidden || everyMs === undefined || timer === undefined) return;
      clearTimeout(timer);
      void load();
    };
    document.addEventListener("visibilitychange", onVisible);
    void load();
    return () => {
      document.removeEventListener("visibilitychange", onVisible);
      clearTimeout(timer);
      controller.abort();
    };
  }, [key, everyMs, enabled, round]);

  const current = state.key === key ? state : { key };
  return {
    value: current.value,
    error: current.error,
    refresh: () => setRound((before) => before + 1),
    set: (value) => setState({ key, value }),
  };
}
