import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll } from "vitest";
import { type ConsoleServer, startConsole } from "../../cli/console/console-server.ts";
import type { ReadLogs } from "../../cli/console/handle-request.ts";
import { launchChromium } from "./chromium.ts";

export interface ConsolePages {
  readonly server: ConsoleServer;
  readonly browser: Browser;
  /** A browser of its own on an address of the console, such as `/jobs?status=FAILED`. */
  open(address: string, options?: BrowserContextOptions): Promise<Page>;
}

/** What a page said that it should not have to: errors of scripts, refusals by its own policy. */
export const complaints = new WeakMap<Page, string[]>();

export async function startConsolePages(api: string, logs?: ReadLogs): Promise<ConsolePages & { stop(): Promise<void> }> {
  const browser = await launchChromium();
  const server = await startConsole({ api: { url: api }, page: "dist/cli/console", ...(logs === undefined ? {} : { logs }) });
  return {
    server,
    browser,
    open: async (address, options = {}) => {
      const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, ...options });
      const page = await context.newPage();
      const said: string[] = [];
      complaints.set(page, said);
      page.on("pageerror", (error) => said.push(String(error)));
      page.on("console", (message) => {
        if (message.type() === "error") said.push(message.text());
      });
      const joint = address.includes("?") ? "&" : "?";
      await page.goto(`http://127.0.0.1:${server.port}${address}${joint}token=${server.token}`);
      return page;
    },
    stop: async () => {
      await browser.close();
      await server.stop();
    },
  };
}

/** The console of this test file, in a browser. */
export function consolePages(api: () => Promise<string> | string, logs?: ReadLogs): ConsolePages {
  let started: Awaited<ReturnType<typeof startConsolePages>>;
  beforeAll(async () => {
    started = await startConsolePages(await api(), logs);
  });
  afterAll(async () => await started.stop());
  return {
    get server() {
      return started.server;
    },
    get browser() {
      return started.browser;
    },
    open: async (...args) => await started.open(...args),
  };
}
