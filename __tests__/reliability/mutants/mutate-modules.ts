import { registerHooks } from "node:module";
import type { Edit } from "./mutant.ts";
import { mutatedSource } from "./mutated-source.ts";

const ROOT = new URL("../../../", import.meta.url);
const PRISTINE = "?pristine";

/** What judges keeps its own, unchanged copies of the product's modules: a mutant must not judge itself. */
const JUDGES = /\/__tests__\/reliability\/(checker\/|api\/(answer-checks|expected-statuses|true-reads)\.ts)/;

/** From now on, modules of these files are loaded with the edits; the files stay as they are. */
export function mutateModules(edits: readonly Edit[]): void {
  const byUrl = Map.groupBy(edits, ({ file }) => new URL(file, ROOT).href);
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
      const changes = byUrl.get(url);
      return changes === undefined ? loaded : { ...loaded, source: mutatedSource(String(loaded.source), changes) };
    },
  });
}
