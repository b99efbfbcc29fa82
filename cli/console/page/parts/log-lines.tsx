import { useEffect, useRef } from "preact/hooks";
import { visible, visibleLines } from "../../../output/visible.ts";
import { logLine } from "../data/log-line.ts";

export interface LogLinesProps {
  /** Each as JSON or text. */
  readonly lines: readonly string[];
  /** What they are, for whoever does not see them. */
  readonly label: string;
  /** Whether the last ones are shown first. @default false */
  readonly atEnd?: boolean;
}

/** Lines of a log, of which so many are seen as there is room for. */
export function LogLines({ lines, label, atEnd = false }: LogLinesProps) {
  const box = useRef<HTMLDivElement>(null);
  const last = lines.at(-1);
  // Where nothing new was said, whoever has scrolled up stays there.
  useEffect(() => {
    if (atEnd && last !== undefined && box.current !== null) box.current.scrollTop = box.current.scrollHeight;
  }, [atEnd, last]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <div ref={box} class="logs" tabIndex={0} role="log" aria-label={label}>
      {lines.map(logLine).map(({ at, level, message, details, stack }, index) => (
        <div key={index} class={`log log-${level.toLowerCase()}`}>
          <time>{at === undefined ? "" : new Date(at).toLocaleTimeString("en-GB")}</time>
          <b>{level}</b>
          <span>
            {visible(message)} <i>{visible(details)}</i>
            {stack === undefined ? null : <pre>{visibleLines(stack)}</pre>}
          </span>
        </div>
      ))}
    </div>
  );
}
