import { createHash } from "node:crypto";
import { Agent, createServer, type Server } from "node:http";
import { createRequire } from "node:module";
import { answerWith, forwardRequest, wholeRequest } from "./forward-request.ts";
import { type ExpressionParser, parsedOnce } from "./parsed-once.ts";

/** Holds the address of DynamoDB Local where tests run on it: `npm run test:engine`. */
export const ENGINE_VARIABLE = "DYNAMODB_LOCAL_URL";

const EXPRESSION_PARSERS = ["conditionParser", "updateParser", "projectionParser"];

interface DatabaseSettings {
  /** Another name, other tables: two servers of one name have the same. */
  readonly name: string;
  /** Folder for the tables of dynalite. @default they are in memory */
  readonly path?: string;
}

/** dynalite ships no types, and is no ES module. */
const require = createRequire(import.meta.url);
const dynalite = require("dynalite") as (options: Readonly<Record<string, number | string>>) => Server;
for (const name of EXPRESSION_PARSERS) {
  const parser = require(`dynalite/db/${name}`) as { parse: ExpressionParser };
  parser.parse = parsedOnce(parser.parse);
}

/** DynamoDB, not yet listening: dynalite, or DynamoDB Local where the variable names one. */
export function databaseServer({ name, path }: DatabaseSettings): Server {
  const engine = process.env[ENGINE_VARIABLE];
  if (engine !== undefined) return accountOf(engine, name);
  return dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0, ...(path === undefined ? {} : { path }) });
}

/**
 * Passes calls on to DynamoDB Local, in an account of its own: tables of different access keys are kept apart. As a server of this
 * process it is what those need who count the calls, or make them without a socket.
 */
function accountOf(engine: string, name: string): Server {
  const accessKey = createHash("sha256").update(name).digest("hex").slice(0, 20);
  const agent = new Agent({ keepAlive: true });
  const server = createServer(async (incoming, response) => {
    const request = await wholeRequest(incoming);
    const authorization = request.headers.authorization?.replace(/Credential=[^/]*/, `Credential=${accessKey}`);
    const headers = { ...request.headers, ...(authorization === undefined ? {} : { authorization }) };
    try {
      answerWith(response, await forwardRequest({ ...request, headers }, engine, { agent }), request.method);
    } catch {
      response.destroy();
    }
  });
  return server.once("close", () => agent.destroy());
}
