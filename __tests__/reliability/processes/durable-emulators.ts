import { once } from "node:events";
import type { AddressInfo } from "node:net";
import path from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { type BuildAppOptions, buildApp } from "fauxqs";
import { emulatedSqsStore } from "../../../local/aws/emulated-sqs-store.ts";
import { serveParent } from "../../../local/aws/parent-channel.ts";
import { databaseServer } from "../../support/database-server.ts";

/**
 * A program: the emulators with their state on disk, so that it survives a SIGKILL of this process, as the state of the real
 * services survives whatever happens to one of their servers. Argument: the folder. Tells its parent the two addresses.
 */

const folder = process.argv[2] ?? "";

interface Persisted {
  persistence: unknown;
}

interface Persistence {
  readonly db: DatabaseSync;
  load(...stores: readonly unknown[]): void;
  updateMessageReady(messageId: string): void;
}

/**
 * fauxqs 2.4.1 writes NULL into a column that takes none when a message becomes visible by a timeout of 0; the error comes after
 * it has forgotten the message, which is lost.
 */
function keepReadyMessages(persistence: Persistence): void {
  const update = persistence.db.prepare(
    "UPDATE sqs_messages SET receipt_handle = NULL, visibility_deadline = NULL WHERE message_id = ?",
  );
  persistence.updateMessageReady = (messageId) => void update.run(messageId);
}

/** What fauxqs exports by file only; its version is pinned. */
async function fromFauxqs<Class>(file: string, name: string): Promise<Class> {
  const module = (await import(new URL(file, import.meta.resolve("fauxqs")).href)) as Readonly<Record<string, Class>>;
  return module[name] as Class;
}

/** fauxqs with its state in SQLite. Its own start function does the same, but listens on every interface. */
async function startMessaging(): Promise<string> {
  const PersistenceManager = await fromFauxqs<new (folder: string) => Persistence>("./persistence.js", "PersistenceManager");
  const SnsStore = await fromFauxqs<new () => Persisted>("./sns/snsStore.js", "SnsStore");
  const S3Store = await fromFauxqs<new () => Persisted>("./s3/s3Store.js", "S3Store");
  const sqsStore = (await emulatedSqsStore()) as unknown as Persisted & { allQueues(): Iterable<Persisted> };
  const stores = { sqsStore, snsStore: new SnsStore(), s3Store: new S3Store() };
  const persistence = new PersistenceManager(path.join(folder, "messaging"));
  keepReadyMessages(persistence);
  // A SIGKILL ends this process and not the machine, so what is written outlives it without the flush that each call would wait for.
  persistence.db.exec("PRAGMA synchronous = OFF");
  // What is loaded must not be written again at the same time.
  persistence.load(stores.sqsStore, stores.snsStore, stores.s3Store);
  for (const store of [...Object.values(stores), ...sqsStore.allQueues()]) store.persistence = persistence;
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
