type Parameters = Readonly<Record<string, unknown>>;

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Parameters;
  readonly result?: Parameters;
  readonly error?: { readonly message: string };
}

/** One thread of a program, as a debugger sees it (Chrome DevTools Protocol). */
export interface DebuggedThread {
  call(method: string, params?: Parameters): Promise<Parameters>;
  /** The next event of this name, from now on. */
  next(method: string): Promise<Parameters>;
}

class Session implements DebuggedThread {
  readonly #send: (message: string) => void;
  readonly #answers = new Map<number, { resolve: (result: Parameters) => void; reject: (error: Error) => void }>();
  readonly #waiting = new Map<string, ((params: Parameters) => void)[]>();
  #calls = 0;

  constructor(send: (message: string) => void) {
    this.#send = send;
  }

  async call(method: string, params: Parameters = {}): Promise<Parameters> {
    this.#calls += 1;
    const id = this.#calls;
    return await new Promise((resolve, reject) => {
      this.#answers.set(id, { resolve, reject });
      this.#send(JSON.stringify({ id, method, params }));
    });
  }

  async next(method: string): Promise<Parameters> {
    return await new Promise((resolve) => {
      this.#waiting.set(method, [...(this.#waiting.get(method) ?? []), resolve]);
    });
  }

  hear(text: string): void {
    const { id, method = "", params = {}, result = {}, error } = JSON.parse(text) as Message;
    if (id !== undefined) {
      if (error === undefined) this.#answers.get(id)?.resolve(result);
      else this.#answers.get(id)?.reject(new Error(error.message));
      return;
    }
    for (const resolve of this.#waiting.get(method) ?? []) resolve(params);
    this.#waiting.delete(method);
  }
}

export interface AttachedDebugger {
  readonly main: DebuggedThread;
  /** The threads named so that run now. */
  threads(name: string): Promise<readonly DebuggedThread[]>;
  close(): void;
}

/** Attaches to the inspector at a port of 127.0.0.1, as an editor does. */
export async function attachDebugger(port: number): Promise<AttachedDebugger> {
  const [target] = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as { webSocketDebuggerUrl: string }[];
  const socket = new WebSocket(target!.webSocketDebuggerUrl);
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = reject;
  });
  const main = new Session((message) => socket.send(message));
  const workers = new Map<string, { readonly title: string; readonly session: Session }>();
  socket.onmessage = ({ data }) => {
    const { method, params } = JSON.parse(data) as {
      method?: string;
      params: { sessionId: string; message: string; workerInfo: { title: string } };
    };
    if (method === "NodeWorker.attachedToWorker") {
      const { sessionId, workerInfo } = params;
      const send = (message: string) => void main.call("NodeWorker.sendMessageToWorker", { sessionId, message });
      workers.set(sessionId, { title: workerInfo.title, session: new Session(send) });
    } else if (method === "NodeWorker.receivedMessageFromWorker") workers.get(params.sessionId)?.session.hear(params.message);
    else main.hear(data);
  };
  return {
    main,
    threads: async (name) => {
      await main.call("NodeWorker.enable", { waitForDebuggerOnStart: false });
      return [...workers.values()].filter(({ title }) => title.includes(name)).map(({ session }) => session);
    },
    close: () => socket.close(),
  };
}
