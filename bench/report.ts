/** What is printed of figures, and which of them missed their bounds. */
export class Report {
  readonly missed: string[] = [];

  line(text: string): void {
    console.log(`  ${text}`);
  }

  /** @returns the value with its bound, to print. */
  atMost(name: string, value: number, bound: number): string {
    return this.#within(name, value, `at most ${bound}`, value <= bound);
  }

  /** As `atMost`, where more is better. */
  atLeast(name: string, value: number, bound: number): string {
    return this.#within(name, value, `at least ${bound}`, value >= bound);
  }

  #within(name: string, value: number, allowed: string, isWithin: boolean): string {
    if (!isWithin) this.missed.push(`${name}: ${value.toFixed(2)}, allowed ${allowed}`);
    return `${value.toFixed(2)} (${allowed})`;
  }
}

/** One figure or several of a kind, measured together. */
export interface Part {
  readonly title: string;
  readonly measure: (report: Report) => Promise<void>;
}

export function mebibytes(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(1)} MiB`;
}
