const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Told of each line, without its end. A line that `isCut` goes on, unheard. The bytes are the listener's to keep. */
export type OnLine = (line: Buffer, isCut: boolean) => void;

/**
 * Cuts bytes into lines as they come, however they come, and holds no more than one line of the greatest length. A line ends at
 * a line feed, at a carriage return (as the states of a progress bar do), or at both; empty lines are left out.
 */
export class LineCutter {
  readonly #onLine: OnLine;
  /** The line that has begun: its first bytes. */
  readonly #begun: Buffer;
  #length = 0;
  #isCut = false;

  /** @param maxBytes the longest line; the rest of a longer one is dropped. */
  constructor(maxBytes: number, onLine: OnLine) {
    this.#begun = Buffer.allocUnsafeSlow(maxBytes);
    this.#onLine = onLine;
  }

  write(chunk: Buffer): void {
    let start = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at];
      if (byte !== LINE_FEED && byte !== CARRIAGE_RETURN) continue;
      this.#goOn(chunk, start, at);
      this.end();
      start = at + 1;
    }
    this.#goOn(chunk, start, chunk.length);
  }

  /** Ends the line that has begun: there are no more bytes, or a line's end was among them. */
  end(): void {
    if (this.#length > 0 && !this.#isCut) this.#tell(false);
    this.#length = 0;
    this.#isCut = false;
  }

  #goOn(chunk: Buffer, start: number, end: number): void {
    if (this.#isCut) return;
    const room = this.#begun.length - this.#length;
    this.#length += chunk.copy(this.#begun, this.#length, start, Math.min(end, start + room));
    if (end - start <= room) return;
    this.#isCut = true;
    this.#tell(true);
  }

  #tell(isCut: boolean): void {
    this.#onLine(Buffer.from(this.#begun.subarray(0, this.#length)), isCut);
  }
}
