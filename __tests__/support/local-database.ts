import type { PGlite } from "@electric-sql/pglite";
import { PGLiteSocketServer } from "@electric-sql/pglite-socket";

/** PostgreSQL on 127.0.0.1, in this process, for one connection at a time. It takes any user and password. */
export interface LocalDatabase {
  readonly port: number;
  query(sql: string): Promise<Record<string, unknown>[]>;
  stop(): Promise<void>;
}

export async function localDatabase(database: PGlite): Promise<LocalDatabase> {
  const server = new PGLiteSocketServer({ db: database, host: "127.0.0.1", port: 0 });
  await server.start();
  const port = Number(server.getServerConn().split(":").at(-1));
  return {
    port,
    query: async (sql) => (await database.query<Record<string, unknown>>(sql)).rows,
    stop: async () => {
      await server.stop();
      await database.close();
    },
  };
}
