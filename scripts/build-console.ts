import path from "node:path";
import { build, type InlineConfig } from "vite";

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
export async function buildConsole(folder: string): Promise<void> {
  await build(pageBuild(folder));
}
