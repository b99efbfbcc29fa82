import { EventEmitter } from "node:events";

interface RequestParts {
  readonly method: string;
  readonly url: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What an HTTP server reads a request from, as far as the emulators do; the body comes when somebody listens for its end, or iterates. */
export class InProcessRequest extends EventEmitter {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly rawHeaders: readonly string[] = [];
  readonly httpVersion = "1.1";
  readonly socket = { remoteAddress: "127.0.0.1" };
  readonly #body: Buffer;

  constructor({ method, url, headers, body }: RequestParts) {
    super();
    this.method = method;
    this.url = url;
    this.headers = { ...headers, "content-length": String(body.byteLength) };
    this.#body = body;
  }

  override on(event: string, listener: (value: unknown) => void): this {
    super.on(event, listener);
    if (event === "end") process.nextTick(() => this.#send());
    return this;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    if (this.#body.byteLength > 0) yield this.#body;
  }

  /** Nothing holds it back. */
  resume(): this {
    return this;
  }

  #send(): void {
    if (this.#body.byteLength > 0) this.emit("data", this.#body);
    this.emit("end");
  }
}
