import { readdir, readlink } from "node:fs/promises";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Emulators, startEmulators } from "../../support/emulators.ts";

let emulators: Emulators;
beforeAll(async () => {
  emulators = await startEmulators();
});
afterAll(async () => {
  await emulators.stop();
});

/** Files of large objects that this process has open; they have no name any more. */
async function openObjects(): Promise<number> {
  const links = (await readdir("/proc/self/fd")).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => ""));
  return (await Promise.all(links)).filter((target) => target.includes("emulated-s3-")).length;
}

describe.runIf(process.platform === "linux")("a large object in the emulated S3", () => {
  it("has one open file, however often it is sent again", async () => {
    const before = await openObjects();
    const put = { Bucket: emulators.resultsBucket, Key: "once", Body: Buffer.alloc(9 * 1_048_576), IfNoneMatch: "*" };
    await emulators.s3.send(new PutObjectCommand(put));
    for (let time = 0; time < 3; time += 1) {
      await expect(emulators.s3.send(new PutObjectCommand(put))).rejects.toMatchObject({ name: "PreconditionFailed" });
    }
    expect((await openObjects()) - before).toBe(1);
  });
});
