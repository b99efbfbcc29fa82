import { existsSync } from "node:fs";
import path from "node:path";
import { CliError } from "../cli-error.ts";
import { INDEX } from "./page-files.ts";

/** Beside the bundle, and where a checkout has it built. */
const FOLDERS = ["console", "../../dist/cli/console"] as const;

/** The folder of the built page. @throws CliError where it was not built. */
export function pageFolder(from = import.meta.dirname): string {
  const found = FOLDERS.map((folder) => path.join(from, folder)).find((folder) => existsSync(path.join(folder, INDEX)));
  if (found !== undefined) return found;
  throw new CliError("the console's page is not built: run npm run build:cli in the project");
}
