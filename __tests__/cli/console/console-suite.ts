import { mkdir, writeFile } from "node:fs/promises";
import { request } from "node:http";
import path from "node:path";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll } from "vitest";
import { type ConsoleServer, type ConsoleServerSettings, startConsole } from "../../../cli/console/console-server.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

export interface AskOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface ConsoleUnderTest {
  readonly server: ConsoleServer;
  /** One request, with the path as it is and no header but these. */
  ask(target: string, options?: AskOptions): Promise<Answer>;
  /** The same as the page makes it. */
  askAsPage(target: string, options?: AskOptions): Promise<Answer>;
}

/** A page of two files, beside a file that is none of it. */
async function smallPage(): Promise<string> {
  const folder = await temporaryFolder("console");
  const page = path.join(folder, "page");
  await mkdir(path.join(page, "assets"), { recursive: true });
  await writeFile(path.join(page, "index.html"), "<!doctype html><title>Jobs</title>");
  await writeFile(path.join(page, "assets", "index-1.js"), "export {};");
  await writeFile(path.join(page, "notes.txt"), "not of the page");
  await writeFile(path.join(folder, "secret.js"), "secret");
  return page;
}

/** A console of this test file, and how it is asked. */
export function consoleSuite(settings: () => Omit<ConsoleServerSettings, "page">): ConsoleUnderTest {
  let server: ConsoleServer;
  beforeAll(async () => {
    server = await startConsole({ ...settings(), page: await smallPage() });
  });
  afterAll(async () => await server.stop());
  const ask = async (target: string, { method = "GET", headers = {}, body }: AskOptions = {}): Promise<Answer> =>
    await new Promise((resolve, reject) => {
      const asked = request({ host: "127.0.0.1", port: server.port, path: target, method, headers }, (response) => {
        buffer(response).then(
          (read) => resolve({ status: response.statusCode ?? 0, headers: response.headers, text: read.toString() }),
          reject,
        );
      });
      asked.on("error", reject);
      asked.end(body);
    });
  return {
    get server() {
      return server;
    },
    ask,
    askAsPage: async (target, options = {}) =>
      await ask(target, {
        ...options,
        headers: {
          origin: `http://127.0.0.1:${server.port}`,
          "sec-fetch-site": "same-origin",
          "sec-fetch-dest": "empty",
          "x-console-token": server.token,
          ...options.headers,
        },
      }),
  };
}
