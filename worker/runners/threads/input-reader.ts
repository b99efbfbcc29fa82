import type { InputToThread, InputToWorker } from "./messages.ts";

type Answer = PromiseWithResolvers<Uint8Array<ArrayBuffer> | string>;

/** A thread's side of the files that its job was added with: asks the worker for each part. */
export class InputReader {
  readonly #send: (message: InputToWorker) => void;
  readonly #asked = new Map<number, Answer>();
  #requests = 0;

  constructor(send: (message: InputToWorker) => void) {
    this.#send = send;
  }

  async read(name: string, start: number): Promise<Uint8Array<ArrayBuffer>> {
    return (await this.#ask((request) => ({ kind: "readInput", request, name, start }))) as Uint8Array<ArrayBuffer>;
  }

  async save(name: string): Promise<string> {
    return (await this.#ask((request) => ({ kind: "saveInput", request, name }))) as string;
  }

  /** Takes what the worker answers. */
  receive(message: InputToThread): void {
    const asked = this.#asked.get(message.request);
    this.#asked.delete(message.request);
    if (message.kind === "inputRead") asked?.resolve(message.bytes);
    else if (message.kind === "inputSaved") asked?.resolve(message.path);
    else asked?.reject(Object.assign(new Error(message.message), message.properties));
  }

  #ask(message: (request: number) => InputToWorker): Answer["promise"] {
    const request = this.#requests++;
    const answer: Answer = Promise.withResolvers();
    this.#asked.set(request, answer);
    this.#send(message(request));
    return answer.promise;
  }
}
