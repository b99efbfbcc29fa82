import { accessSync, constants } from "node:fs";
import path from "node:path";
import { type Browser, chromium } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"] as const;

/** Chromium's program: what the variable `CHROMIUM` names, or the first on the PATH. @returns undefined where there is none. */
export function chromiumProgram({ CHROMIUM, PATH = "" }: NodeJS.ProcessEnv = process.env): string | undefined {
  if (CHROMIUM !== undefined && CHROMIUM !== "") return CHROMIUM;
  const programs = PATH.split(path.delimiter).flatMap((folder) => NAMES.map((name) => path.join(folder, name)));
  return programs.find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** @throws Error where there is no Chromium. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = chromiumProgram();
  if (executablePath === undefined) {
    throw new Error("there is no Chromium: install Debian's package chromium, or name the program in the variable CHROMIUM");
  }
  // Its own sandbox needs rights that root in a container has not.
  return await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] });
}
