import { Client } from "pg";
import type { Orders } from "./orders.ts";

const TABLE = `create table if not exists order_totals (
  day date, customer text, orders integer not null, total numeric not null, primary key (day, customer)
)`;
/** The database adds up: its numbers are exact. */
const TOTALS = `insert into order_totals (day, customer, orders, total)
select $1, customer, count(*), sum(amount) from unnest($2::text[], $3::numeric[]) as o (customer, amount) group by customer`;
const SUM = "select count(*)::int as customers, coalesce(sum(total), 0)::text as total from order_totals where day = $1";

/** Of a day. */
export interface Totals {
  readonly customers: number;
  /** A decimal number, as text. */
  readonly total: string;
}

/** Replaces a day's totals, all or nothing: a job that is tried again changes nothing but what is new. */
export async function storeTotals(day: string, { customers, amounts }: Orders): Promise<Totals> {
  const { DB_HOST, DB_PORT, DB_USER, DB_PASSWORD, DB_NAME, DB_TLS } = process.env;
  const database = new Client({
    host: DB_HOST,
    port: Number(DB_PORT),
    user: DB_USER,
    password: DB_PASSWORD,
    database: DB_NAME,
    ssl: DB_TLS === "on",
    connectionTimeoutMillis: 10_000,
  });
  await database.connect();
  try {
    await database.query("begin");
    await database.query(TABLE);
    await database.query("delete from order_totals where day = $1", [day]);
    await database.query(TOTALS, [day, customers, amounts]);
    const { rows } = await database.query<Totals>(SUM, [day]);
    await database.query("commit");
    return rows[0] as Totals;
  } finally {
    // A transaction that was not committed ends with its connection.
    await database.end();
  }
}
