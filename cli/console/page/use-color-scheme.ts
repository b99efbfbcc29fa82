import { useEffect, useState } from "preact/hooks";

const DARK = "(prefers-color-scheme: dark)";

/** What the browser prefers, for what is drawn by script; the rest is the style sheet's. */
export function useColorScheme(): "dark" | "light" {
  const [isDark, setDark] = useState(() => matchMedia(DARK).matches);
  useEffect(() => {
    const query = matchMedia(DARK);
    const changed = (): void => setDark(query.matches);
    query.addEventListener("change", changed);
    return () => query.removeEventListener("change", changed);
  }, []);
  return isDark ? "dark" : "light";
}
