import { once } from "node:events";
import type { Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { parseArgs } from "node:util";
import type { Endpoints } from "./endpoints.ts";
import { startMessagingEmulator } from "./messaging-emulator.ts";
import { serveParent } from "./parent-channel.ts";
import { RequestCounter, targetOperation } from "./request-counter.ts";

/** The emulators' own process: no job can slow them down, and their CPU time is not the worker's. */

/** dynalite ships no types, and is not an ES module. */
const dynalite = createRequire(import.meta.url)("dynalite") as (options: Readonly<Record<string, number | string>>) => Server;

const counter = new RequestCounter();

async function startDatabaseEmulator(): Promise<string> {
  const onDisk = folder === undefined ? {} : { path: path.join(folder, "tables") };
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0, ...onDisk });
  server.prependListener("request", ({ headers }) => counter.count("dynamodb", targetOperation(headers) ?? "unknown", headers));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const { values, positionals } = parseArgs({ options: { folder: { type: "string" } }, allowPositionals: true });
const { folder } = values;
const wanted = new Set(positionals);
const messaging = wanted.has("sqs") || wanted.has("sns") || wanted.has("s3") ? await startMessagingEmulator(counter, folder) : "";
const database = wanted.has("dynamodb") ? await startDatabaseEmulator() : "";
const started: Endpoints = { sqs: messaging, sns: messaging, s3: messaging, dynamodb: database };

serveParent<"counts" | "reset">(
  Object.fromEntries(Object.entries(started).filter(([service]) => wanted.has(service))),
  (request) => {
    if (request === "counts") return counter.counts();
    return counter.reset();
  },
);
