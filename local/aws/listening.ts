import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { JobQueueError } from "@autoscaling-job-queues/domain/errors";

/** An HTTP server on the loopback interface. */
export interface ListeningServer {
  readonly port: number;
  /** Such as `http://127.0.0.1:3000`. */
  readonly address: string;
  /** Ends it, and the connections that there are. Stopping it again does nothing. */
  stop(): Promise<void>;
}

/**
 * @param port 0 for any free one.
 * @throws JobQueueError "PortInUse" that names the port.
 */
export async function listen(listener: RequestListener, port = 0): Promise<ListeningServer> {
  const server = createServer(listener);
  server.listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch (error) {
    throw listenError(error as NodeJS.ErrnoException, port);
  }
  const { port: actual } = server.address() as AddressInfo;
  let closed: Promise<void> | undefined;
  return {
    port: actual,
    address: `http://127.0.0.1:${actual}`,
    stop: async () => {
      closed ??= close(server);
      await closed;
    },
  };
}

function listenError(error: NodeJS.ErrnoException, port: number): Error {
  if (error.code === "EADDRINUSE") {
    return new JobQueueError(
      "PortInUse",
      `port ${port} is in use; choose another with PORT=<number>, or PORT=0 for any free one`,
    );
  }
  if (error.code === "EACCES")
    return new JobQueueError("PortInUse", `port ${port} may not be used; choose one above 1023 with PORT`);
  return error;
}

async function close(server: Server): Promise<void> {
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
}
