import { useLayoutEffect, useState } from "preact/hooks";
import { type View, viewOf } from "./address.ts";

const listeners = new Set<() => void>();
/** Where the page of the entry that is gone back to was scrolled to. */
let scrollTarget = 0;

function tell(): void {
  for (const listener of listeners) listener();
}

/** Goes to an address of the page. @param replace of what is filtered while typing, which is no step back. */
export function navigate(address: string, { replace = false }: { readonly replace?: boolean } = {}): void {
  if (replace) {
    history.replaceState(history.state, "", address);
  } else {
    history.replaceState({ scrollY }, "");
    history.pushState({ scrollY: 0 }, "", address);
    scrollTarget = 0;
  }
  tell();
}

/** Links of the page change the view without loading it anew; all others, and those for a new tab, are the browser's. */
function followLink(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (link === null || link.target !== "" || link.origin !== location.origin || link.hasAttribute("download")) return;
  if (link.getAttribute("href")?.startsWith("#")) return;
  event.preventDefault();
  navigate(`${link.pathname}${link.search}`);
}

export function startNavigation(): void {
  history.scrollRestoration = "manual";
  document.addEventListener("click", followLink);
  addEventListener("popstate", ({ state }) => {
    scrollTarget = (state as { readonly scrollY?: number } | null)?.scrollY ?? 0;
    tell();
  });
}

/** The view of the page's address. */
export function useView(): View {
  const [address, setAddress] = useState(`${location.pathname}${location.search}`);
  useLayoutEffect(() => {
    const listener = (): void => setAddress(`${location.pathname}${location.search}`);
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }, []);
  const [path = "", search = ""] = address.split("?", 2);
  useLayoutEffect(() => scrollTo(0, scrollTarget), [path]);
  return viewOf(path, search);
}
