import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { reportConnection } from "./connection.ts";
import { ConsoleError } from "./data/console-error.ts";
import { EMPTY_LIST, type JobList, withFirstPage, withNextPage } from "./data/job-list.ts";
import type { Page } from "./data/types.ts";

const REFRESH_MS = 5_000;
/** Below this the reader looks at older jobs, which should stay where they are. */
const AT_TOP_PX = 200;
/** Lists that were left, so that the back button finds them as they were. */
const kept = new Map<string, JobList>();
const KEPT_LISTS = 8;

export interface LoadedJobs extends JobList {
  readonly loading: boolean;
  readonly error: ConsoleError | undefined;
  readonly loadMore: () => void;
  readonly refresh: () => void;
}

/** A list of jobs that grows as it is scrolled, and whose head is read anew while it is seen. */
export function useJobList(key: string, read: (cursor: string | undefined, signal: AbortSignal) => Promise<Page>): LoadedJobs {
  const [state, setState] = useState({ key, list: kept.get(key) ?? EMPTY_LIST });
  const [error, setError] = useState<ConsoleError>();
  const [loading, setLoading] = useState(false);
  const reader = useRef(read);
  reader.current = read;
  const list = state.key === key ? state.list : (kept.get(key) ?? EMPTY_LIST);
  const latest = useRef(list);
  latest.current = list;
  const busy = useRef<AbortController | undefined>(undefined);

  const load = useCallback(
    async (which: "first" | "next") => {
      if (busy.current !== undefined && which === "next") return;
      busy.current?.abort();
      const controller = new AbortController();
      busy.current = controller;
      setLoading(true);
      try {
        const { cursor } = latest.current;
        const page = await reader.current(which === "first" ? undefined : cursor, controller.signal);
        if (controller.signal.aborted) return;
        const next = which === "first" ? withFirstPage(latest.current, page) : withNextPage(latest.current, page);
        keep(key, next);
        latest.current = next;
        setState({ key, list: next });
        setError(undefined);
        reportConnection(undefined);
      } catch (thrown) {
        if (controller.signal.aborted) return;
        const told = thrown instanceof ConsoleError ? thrown : new ConsoleError("PageFailed", String(thrown));
        setError(told);
        reportConnection(told);
      } finally {
        if (busy.current === controller) {
          busy.current = undefined;
          setLoading(false);
        }
      }
    },
    [key],
  );

  useEffect(() => {
    void load("first");
    const timer = setInterval(() => {
      if (!document.hidden && busy.current === undefined && scrollY < AT_TOP_PX) void load("first");
    }, REFRESH_MS);
    return () => {
      clearInterval(timer);
      busy.current?.abort();
      busy.current = undefined;
    };
  }, [load]);

  const loadMore = useCallback(() => {
    if (latest.current.cursor !== undefined) void load("next");
  }, [load]);
  const refresh = useCallback(() => void load("first"), [load]);
  return { ...list, loading, error, loadMore, refresh };
}

function keep(key: string, list: JobList): void {
  kept.delete(key);
  kept.set(key, list);
  for (const oldest of kept.keys()) {
    if (kept.size <= KEPT_LISTS) return;
    kept.delete(oldest);
  }
}
