import { registerHooks } from "node:module";

const ROOT = new URL("../../../", import.meta.url);
const PRISTINE = "?pristine";

/** What judges keeps its own, unchanged copies of the product's modules: a mutant must not judge itself. */
const JUDGES = /\/__tests__\/reliability\/(checker\/|api\/(answer-checks|expected-statuses|true-reads)\.ts)/;

/**
 * From now on, modules have these sources; the files stay as they are.
 *
 * @param sources by file, from the checkout's root.
 */
export function mutateModules(sources: Readonly<Record<string, string>>): void {
  const byUrl = new Map(Object.entries(sources).map(([file, source]) => [new URL(file, ROOT).href, source]));
  registerHooks({
    resolve(specifier, context, next) {
      const resolved = next(specifier, context);
      const { parentURL = "" } = context;
      const isJudge = JUDGES.test(parentURL) || parentURL.endsWith(PRISTINE);
      const isOwn = resolved.url.startsWith(ROOT.href) && !resolved.url.includes("/node_modules/");
      return isJudge && isOwn ? { ...resolved, url: resolved.url + PRISTINE } : resolved;
    },
    load(url, context, next) {
      const loaded = next(url, context);
      const source = byUrl.get(url);
      return source === undefined ? loaded : { ...loaded, source };
    },
  });
}
