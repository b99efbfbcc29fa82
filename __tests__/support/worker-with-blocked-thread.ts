import { LeaseKeeper } from "../../worker/leases/lease-keeper.ts";
import type { Hold } from "../../worker/leases/messages.ts";

/** A program: holds a claim, says so on standard output, and blocks its main thread for good. */
const { tableName, queueUrl, leaseSeconds, hold } = JSON.parse(process.argv[2] ?? "") as {
  tableName: string;
  queueUrl: string;
  leaseSeconds: number;
  hold: Hold;
};
const ignore = (): void => {};
const leases = new LeaseKeeper({ tableName, queueUrl, leaseSeconds, cancelPollMs: 500 }, { failed: ignore, ended: ignore });
await leases.hold(hold, { lost: ignore, changed: ignore });
process.stdout.write("blocked\n");
for (;;);
