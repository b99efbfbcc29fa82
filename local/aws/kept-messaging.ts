import path from "node:path";
import type { DatabaseSync } from "node:sqlite";
import type { EmulatedS3Store } from "./emulated-s3.ts";
import { type EmulatedSqsStore, emulatedSqsStore } from "./emulated-sqs-store.ts";

interface Persistence {
  readonly db: DatabaseSync;
  load(...stores: readonly unknown[]): void;
  updateMessageReady(messageId: string): void;
}

/** The stores of fauxqs, whose state is in a database on disk. */
export interface KeptStores {
  readonly sqsStore: EmulatedSqsStore;
  readonly snsStore: unknown;
  readonly s3Store: EmulatedS3Store;
  readonly db: DatabaseSync;
}

/**
 * Stores of fauxqs with what a folder holds; each change is written to it. fauxqs has a start function that does the same, but listens on
 * every interface.
 */
export async function keptStores(folder: string): Promise<KeptStores> {
  const PersistenceManager = await fromFauxqs<new (folder: string) => Persistence>("./persistence.js", "PersistenceManager");
  const SnsStore = await fromFauxqs<new () => object>("./sns/snsStore.js", "SnsStore");
  const S3Store = await fromFauxqs<new () => EmulatedS3Store>("./s3/s3Store.js", "S3Store");
  const sqsStore = await emulatedSqsStore();
  const [snsStore, s3Store] = [new SnsStore(), new S3Store()];
  const persistence = new PersistenceManager(path.join(folder, "messaging"));
  keepReadyMessages(persistence);
  // What is loaded must not be written again at the same time.
  persistence.load(sqsStore, snsStore, s3Store);
  for (const store of [sqsStore, snsStore, s3Store, ...sqsStore.allQueues()]) Object.assign(store, { persistence });
  return { sqsStore, snsStore, s3Store, db: persistence.db };
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
