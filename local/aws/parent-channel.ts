/** What a program started by `startChildProgram` says to its parent, and hears from it. */
export interface ParentRequest {
  readonly id: number;
  readonly request: unknown;
}

export type ChildMessage =
  | { readonly ready: unknown }
  /** An answer that is undefined does not survive JSON. */
  | { readonly id: number; readonly answer?: unknown }
  | { readonly id: number; readonly error: { readonly name: string; readonly message: string } };

/**
 * Tells the parent that this program is ready, then answers its requests. The program ends with its parent, and only
 * then: Ctrl-C reaches every process of the terminal, but the parent decides the order in which they end.
 */
export function serveParent<Request>(ready: unknown, answer: (request: Request) => unknown): void {
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => undefined);
  process.on("disconnect", () => process.exit());
  process.on("message", async ({ id, request }: ParentRequest) => {
    try {
      tellParent({ id, answer: await answer(request as Request) });
    } catch (error) {
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      tellParent({ id, error: { name, message } });
    }
  });
  if (!process.connected) process.exit();
  tellParent({ ready });
}

function tellParent(message: ChildMessage): void {
  // Without a callback, a parent that is gone would be an uncaught error here; "disconnect" ends the process instead.
  process.send?.(message, undefined, undefined, () => undefined);
}
