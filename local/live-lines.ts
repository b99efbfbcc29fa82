import { clearScreenDown, cursorTo, moveCursor } from "node:readline";

/** Lines at the end of a terminal's output that are drawn again and again, below lines that stay. */
export class LiveLines {
  readonly #stream: NodeJS.WriteStream;
  #drawn: readonly string[] = [];

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  draw(lines: readonly string[]): void {
    this.#erase();
    // A line that wraps would make the count of lines to erase wrong.
    this.#drawn = lines;
    if (lines.length > 0) this.#stream.write(`\u001b[?7l${lines.join("\n")}\u001b[?7h\n`);
  }

  /** Writes a line that stays. */
  print(line: string): void {
    const lines = this.#drawn;
    this.#erase();
    this.#stream.write(`${line}\n`);
    this.draw(lines);
  }

  #erase(): void {
    if (this.#drawn.length > 0) {
      moveCursor(this.#stream, 0, -this.#drawn.length);
      cursorTo(this.#stream, 0);
      clearScreenDown(this.#stream);
    }
    this.#drawn = [];
  }
}
