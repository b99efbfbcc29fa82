/** A table of Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** Dollars, without a sign. */
export function usd(amount: number, digits = 2): string {
  return amount.toFixed(digits);
}
