import path from "node:path";
import { type BuildEnvironmentOptions, build, type InlineConfig, type Rolldown } from "vite";
import type { Made } from "./build-when-changed.ts";

const SOURCE = path.resolve("cli/console/page");

/** The console's page as Vite makes it: one script and one style sheet, as its content security policy wants nothing in the document. */
export function pageBuild(folder: string): InlineConfig {
  return {
    configFile: false,
    root: SOURCE,
    logLevel: "warn",
    build: {
      outDir: path.resolve(folder),
      emptyOutDir: true,
      target: "es2024",
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
    },
  };
}

/** Builds the console's page. @param folder where it is put, anew. */
export async function buildConsole(folder: string): Promise<Made> {
  let warned = false;
  const settings = pageBuild(folder);
  const rolldownOptions: BuildEnvironmentOptions["rolldownOptions"] = {
    onLog: (level, log, print) => {
      warned ||= level === "warn";
      print(level, log);
    },
  };
  const outputs = await build({ ...settings, build: { ...settings.build, rolldownOptions } });
  const chunks = (outputs as Rolldown.RolldownOutput).output.flatMap((part) => (part.type === "chunk" ? part.moduleIds : []));
  return { inputs: chunks.filter((id) => path.isAbsolute(id)), warned };
}
