import { once } from "node:events";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { type BuildAppOptions, buildApp } from "fauxqs";
import { keptStores } from "../../../local/aws/kept-messaging.ts";
import { serveParent } from "../../../local/aws/parent-channel.ts";
import { databaseServer } from "../../support/database-server.ts";

/**
 * A program: the emulators with their state on disk, so that it survives a SIGKILL of this process, as the state of the real
 * services survives whatever happens to one of their servers. Argument: the folder. Tells its parent the two addresses.
 */

const folder = process.argv[2] ?? "";

/** fauxqs with its state in SQLite. */
async function startMessaging(): Promise<string> {
  const { db, ...stores } = await keptStores(folder);
  // A SIGKILL ends this process and not the machine, so what is written outlives it without the flush that each call would wait for.
  db.exec("PRAGMA synchronous = OFF");
  const app = buildApp({ logger: false, stores: stores as unknown as BuildAppOptions["stores"] & {} });
  return await app.listen({ host: "127.0.0.1", port: 0 });
}

async function startDatabase(): Promise<string> {
  const server = databaseServer({ name: folder, path: path.join(folder, "tables") });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const [messaging, database] = await Promise.all([startMessaging(), startDatabase()]);
serveParent<never>({ messaging, database, pid: process.pid }, () => undefined);
