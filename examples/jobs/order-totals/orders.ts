import type { Readable } from "node:stream";
import { PermanentError } from "@autoscaling-job-queues/domain/errors";
import { GetObjectCommand, NoSuchKey, S3Client } from "@aws-sdk/client-s3";
import { parse } from "csv-parse";

/** A day's orders, by columns, as the database takes them. */
export interface Orders {
  readonly customers: readonly string[];
  /** Decimal numbers as they are written: no digit is lost on the way. */
  readonly amounts: readonly string[];
}

const AMOUNT = /^-?\d{1,12}(\.\d{1,4})?$/;

const s3 = new S3Client({ forcePathStyle: true });

/**
 * Reads `orders/<day>.csv` of the bucket, which has the columns `customer` and `amount`.
 *
 * @returns undefined where there is no such file.
 * @throws PermanentError that names the line of an order that is none: another attempt would read the same.
 */
export async function readOrders(day: string, abortSignal: AbortSignal): Promise<Orders | undefined> {
  try {
    const command = new GetObjectCommand({ Bucket: process.env.ORDERS_BUCKET, Key: `orders/${day}.csv` });
    const { Body } = await s3.send(command, { abortSignal });
    return await parseOrders(Body as Readable);
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}

async function parseOrders(file: Readable): Promise<Orders> {
  const orders = { customers: [] as string[], amounts: [] as string[] };
  const records = file.pipe(parse({ columns: true, bom: true, skip_empty_lines: true, info: true }));
  for await (const { record, info } of records as AsyncIterable<{ record: Record<string, string>; info: { lines: number } }>) {
    const { customer = "", amount = "" } = record;
    if (customer === "" || !AMOUNT.test(amount)) {
      throw new PermanentError(`line ${info.lines} is no order: it needs a customer, and an amount such as 12.50`, {
        code: "InvalidOrder",
      });
    }
    orders.customers.push(customer);
    orders.amounts.push(amount);
  }
  return orders;
}
