import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

export interface VirtualRowsProps {
  readonly count: number;
  /** Pixels; all rows have the same. */
  readonly rowHeight: number;
  readonly label: string;
  readonly row: (index: number) => ComponentChildren;
  readonly rowKey: (index: number) => string;
  /** Told when the last rows come into sight, and again when `pages` has risen and they still are. */
  readonly onEndNear?: () => void;
  readonly pages?: number;
}

/** Rows above and below the window that are there already. */
const OVERSCAN = 12;
/** The rows change when the first has moved by so many, not at every pixel. */
const STEP = 6;

/** A list of any length, of which the page has only what the window shows. It scrolls with the page. */
export function VirtualRows({ count, rowHeight, label, row, rowKey, onEndNear, pages }: VirtualRowsProps) {
  const list = useRef<HTMLUListElement>(null);
  const [first, setFirst] = useState(0);
  const [visible, setVisible] = useState(40);

  useLayoutEffect(() => {
    const measure = (): void => {
      if (list.current === null) return;
      const above = -list.current.getBoundingClientRect().top;
      const index = Math.max(0, Math.floor(above / rowHeight) - OVERSCAN);
      setFirst(index - (index % STEP));
      setVisible(Math.ceil(innerHeight / rowHeight) + 2 * OVERSCAN + STEP);
    };
    measure();
    addEventListener("scroll", measure, { passive: true });
    addEventListener("resize", measure);
    return () => {
      removeEventListener("scroll", measure);
      removeEventListener("resize", measure);
    };
  }, [rowHeight, count]);

  const start = Math.min(first, Math.max(0, count - 1));
  const end = Math.min(count, start + visible);
  useLayoutEffect(() => {
    if (end >= count - OVERSCAN) onEndNear?.();
  }, [end, count, onEndNear, pages]);

  return (
    <ul ref={list} class="rows" aria-label={label} style={{ height: `${count * rowHeight}px` }}>
      {Array.from({ length: end - start }, (_, offset) => start + offset).map((index) => (
        <li
          key={rowKey(index)}
          aria-setsize={count}
          aria-posinset={index + 1}
          style={{ height: `${rowHeight}px`, transform: `translateY(${index * rowHeight}px)` }}
        >
          {row(index)}
        </li>
      ))}
    </ul>
  );
}
