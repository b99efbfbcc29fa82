import { jsonOf } from "./json.ts";
import { type Progress, progressBar } from "./progress.ts";
import { type Format, styled } from "./style.ts";
import { type Column, tableLines } from "./table.ts";
import { visibleJson, visibleLines, visibleStyled } from "./visible.ts";

export interface OutputSettings {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  /** Of `--json`. */
  readonly json: boolean;
}

/** Home, and everything below erased: the screen does not flicker, and what was before stays above. */
const REDRAW = "\u001b[H\u001b[J";
const CLEAR = "\u001b[2J";
/** Of a terminal that does not tell its size, or says 0, as one that a program made. */
const DEFAULT_SIZE = { columns: 80, rows: 24 };

/**
 * Where results go, and what is said about them. Results are tables on a terminal, and JSON elsewhere or with `--json`: a document a line,
 * or indented on a terminal. All else goes to the error stream, so that a pipe has results alone.
 */
export class Output {
  /** Whether results are JSON. */
  readonly isJson: boolean;
  readonly #stdout: NodeJS.WriteStream;
  readonly #stderr: NodeJS.WriteStream;

  constructor({ stdout, stderr, json }: OutputSettings) {
    this.#stdout = stdout;
    this.#stderr = stderr;
    this.isJson = json || stdout.isTTY !== true;
  }

  /** Whether somebody may be asked, and shown how far work is. */
  get isInteractive(): boolean {
    return this.#stderr.isTTY === true;
  }

  /** The terminal's, in columns and lines. */
  get size(): { readonly columns: number; readonly rows: number } {
    const { columns, rows } = this.#stdout;
    return { columns: columns || DEFAULT_SIZE.columns, rows: rows || DEFAULT_SIZE.rows };
  }

  /** A result: as JSON, or as what makes lines of it. */
  async result(value: unknown, lines: () => readonly string[]): Promise<void> {
    await (this.isJson ? this.json(value) : this.lines(lines()));
  }

  /** Results of one kind: a JSON document a line, or a table. */
  async results<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): Promise<void> {
    if (!this.isJson) return await this.lines(rows.length === 0 ? [] : this.table(rows, columns));
    for (const row of rows) await this.json(row);
  }

  table<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): readonly string[] {
    return tableLines(columns, rows, this.size.columns);
  }

  async json(value: unknown): Promise<void> {
    const isTerminal = this.#stdout.isTTY === true;
    const json = jsonOf(value, { indent: isTerminal });
    await this.#write(`${isTerminal ? visibleJson(json) : json}\n`);
  }

  /** Lines for people. They may be styled; nothing else of them acts on a terminal. */
  async lines(lines: readonly string[]): Promise<void> {
    if (lines.length > 0) await this.#write(`${lines.map(visibleStyled).join("\n")}\n`);
  }

  /** Leaves the screen empty; what it showed stays above. */
  async clear(): Promise<void> {
    await this.#write(`${CLEAR}\n`);
  }

  /** Lines that take the place of those that the screen shows. */
  async screen(lines: readonly string[]): Promise<void> {
    await this.#write(`${REDRAW}${lines.map(visibleStyled).join("\n")}\n`);
  }

  /** A line as a program wrote it, for other programs. */
  async text(line: string): Promise<void> {
    await this.#write(`${this.#stdout.isTTY === true ? visibleJson(line) : line}\n`);
  }

  /** Bytes as they are, but for what acts on a terminal. */
  async bytes(chunks: AsyncIterable<Uint8Array>): Promise<void> {
    if (this.#stdout.isTTY !== true) {
      for await (const chunk of chunks) await this.#write(chunk);
      return;
    }
    const decoder = new TextDecoder();
    for await (const chunk of chunks) await this.#write(visibleJson(decoder.decode(chunk, { stream: true })));
    await this.#write("\n");
  }

  /** A sentence for people, beside the results. */
  note(text: string, format: Format = "dim"): void {
    this.#stderr.write(`${styled(format, visibleLines(text), this.#stderr)}\n`);
  }

  progress(label: string, total: number, unit = "jobs"): Progress {
    return progressBar(this.#stderr, label, total, unit);
  }

  async #write(text: string | Uint8Array): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#stdout.write(text, (error) => (error == null ? resolve() : reject(error)));
    });
  }
}
