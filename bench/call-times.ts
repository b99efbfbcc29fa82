import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** A call that was answered. */
export interface TimedCall {
  /** The operation, such as `UpdateItem`. */
  readonly operation: string;
  readonly body: string;
  /** Epoch milliseconds, with fractions: when it came and when its answer went. */
  readonly at: number;
  readonly answeredAt: number;
}

/** Milliseconds of the epoch, finer than `Date.now`, and the same for all processes of this machine. */
export function preciseNow(): number {
  return performance.timeOrigin + performance.now();
}

/** Passes requests on to an emulator, and tells of each. @returns its address, and what closes it. */
export async function timeCalls(emulator: string, told: (call: TimedCall) => void) {
  const { hostname, port } = new URL(emulator);
  const server = createServer(async (incoming, outgoing) => {
    const at = preciseNow();
    const body = await buffer(incoming);
    const { method, url: path, headers } = incoming;
    const passedOn = request({ hostname, port, method, path, headers });
    passedOn.end(body);
    const [answer] = await once(passedOn, "response");
    outgoing.writeHead(answer.statusCode, answer.headers);
    outgoing.end(await buffer(answer));
    const text = body.toString();
    const operation = String(headers["x-amz-target"] ?? "").split(".")[1] ?? new URLSearchParams(text).get("Action") ?? "unknown";
    told({ operation, body: text, at, answeredAt: preciseNow() });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
