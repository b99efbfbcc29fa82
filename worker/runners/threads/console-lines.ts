import { StringDecoder } from "node:string_decoder";
import { LineLimiter, MAX_LINE_BYTES } from "../../line-limits.ts";

type Write = NodeJS.WriteStream["write"];

/**
 * Makes lines of what is written to a thread's output, and hands them on as they are complete. Node itself would keep all that is
 * written in one turn, and pass it to the worker at once.
 */
export class ConsoleLines {
  readonly #take: (line: string) => boolean;
  readonly #writeOn: (text: string) => void;
  readonly #decoder = new StringDecoder();
  readonly #limiter = new LineLimiter();
  #rest = "";

  /** @param take takes a line, or refuses it where it belongs to no job: then it goes where it would have gone. */
  constructor(stream: NodeJS.WriteStream, take: (line: string) => boolean) {
    this.#take = take;
    const write = stream.write.bind(stream) as (text: string) => boolean;
    this.#writeOn = (text) => void write(text);
    const capture = (chunk: string | Uint8Array, encoding?: unknown, callback?: unknown): boolean => {
      this.#add(typeof chunk === "string" ? chunk : this.#decoder.write(Buffer.from(chunk)));
      const written = typeof encoding === "function" ? encoding : callback;
      if (typeof written === "function") process.nextTick(written);
      return true;
    };
    stream.write = capture as Write;
  }

  /** Hands on what has no end of line yet. */
  flush(): void {
    const rest = this.#rest;
    this.#rest = "";
    this.#line(rest);
  }

  #add(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#line(line);
    if (this.#rest.length > MAX_LINE_BYTES) this.flush();
  }

  #line(line: string): void {
    if (line === "" || this.#take(line)) return;
    if (this.#limiter.admits(Buffer.byteLength(line))) this.#writeOn(`${line.slice(0, MAX_LINE_BYTES)}\n`);
  }
}
