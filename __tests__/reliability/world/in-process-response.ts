import { EventEmitter } from "node:events";

type Headers = Record<string, string>;

/** What an HTTP server writes its answer to, as far as the emulators use it; the answer is handed on when it ends. */
export class InProcessResponse extends EventEmitter {
  statusCode = 200;
  headersSent = false;
  writableEnded = false;
  finished = false;
  readonly #headers: Headers = {};
  readonly #chunks: Buffer[] = [];
  readonly #answered: (statusCode: number, headers: Headers, body: Uint8Array) => void;

  constructor(answered: (statusCode: number, headers: Headers, body: Uint8Array) => void) {
    super();
    this.#answered = answered;
  }

  setHeader(name: string, value: unknown): this {
    this.#headers[name.toLowerCase()] = String(value);
    return this;
  }

  getHeader(name: string): string | undefined {
    return this.#headers[name.toLowerCase()];
  }

  hasHeader(name: string): boolean {
    return name.toLowerCase() in this.#headers;
  }

  getHeaders(): Headers {
    return this.#headers;
  }

  removeHeader(name: string): void {
    delete this.#headers[name.toLowerCase()];
  }

  writeHead(statusCode: number, ...rest: readonly unknown[]): this {
    this.statusCode = statusCode;
    this.headersSent = true;
    for (const [name, value] of Object.entries((rest.at(-1) ?? {}) as object)) this.setHeader(name, value);
    return this;
  }

  write(chunk: string | Uint8Array): boolean {
    this.#chunks.push(Buffer.from(chunk));
    return true;
  }

  end(chunk?: string | Uint8Array | null): this {
    if (chunk) this.write(chunk);
    this.headersSent = true;
    this.writableEnded = true;
    this.finished = true;
    this.#answered(this.statusCode, this.#headers, Buffer.concat(this.#chunks));
    this.emit("finish");
    return this;
  }
}
