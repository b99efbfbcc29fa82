import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { EMULATOR_CREDENTIALS } from "../../modules/emulator.ts";

/** A local AWS in a process of its own. */
export interface Moto {
  /** Such as `http://127.0.0.1:41234`; it answers for every service. */
  readonly endpoint: string;
  readonly stop: () => Promise<void>;
}

const SERVER = fileURLToPath(new URL("./moto_server.py", import.meta.url));

/**
 * Starts moto_server; it ends with this process.
 *
 * @param log file for its errors.
 */
export async function startMoto(python: string, log: string): Promise<Moto> {
  const errors = openSync(log, "w");
  const child = spawn(python, [SERVER], { stdio: ["pipe", "pipe", errors] });
  closeSync(errors);
  const ended = once(child, "exit").then(
    ([code, signal]) => `moto_server ended with ${signal ?? `exit code ${code}`}; see ${log}`,
    (error: Error) => `moto_server could not be started: ${error.message}`,
  );
  const lines = createInterface({ input: child.stdout as Readable });
  const first = once(lines, "line").then(([endpoint]) => ({ endpoint: endpoint as string }));
  const started = await Promise.race([first, ended]);
  if (typeof started === "string") throw new Error(started);
  return {
    endpoint: started.endpoint,
    stop: async () => {
      child.stdin?.end();
      await ended;
    },
  };
}

/** Makes the bucket that the states are kept in, as a platform team does by hand before its first apply. */
export async function createStateBucket(endpoint: string, region: string, Bucket: string): Promise<void> {
  const { accessKey: accessKeyId, secretKey: secretAccessKey } = EMULATOR_CREDENTIALS;
  const s3 = new S3Client({ endpoint, region, forcePathStyle: true, credentials: { accessKeyId, secretAccessKey } });
  await s3.send(new CreateBucketCommand({ Bucket }));
  s3.destroy();
}
