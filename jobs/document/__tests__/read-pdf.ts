import { getDocumentProxy } from "unpdf";

/** A piece of text of a PDF; points from the page's left and upper edge. */
export interface PlacedText {
  readonly text: string;
  readonly x: number;
  readonly y: number;
}

interface TextItem {
  readonly str: string;
  readonly transform: readonly number[];
}

/** @returns what stands on each page of a PDF, as another program finds it there: for tests. */
export async function readPdf(bytes: Uint8Array): Promise<PlacedText[][]> {
  const file = await getDocumentProxy(Uint8Array.from(bytes));
  const pages: PlacedText[][] = [];
  for (let number = 1; number <= file.numPages; number += 1) {
    const page = await file.getPage(number);
    const height = page.getViewport({ scale: 1 }).height;
    const { items } = await page.getTextContent();
    pages.push(
      (items as TextItem[]).map(({ str, transform }) => ({ text: str, x: transform[4] ?? 0, y: height - (transform[5] ?? 0) })),
    );
  }
  return pages;
}

/** @returns a page's lines from top to bottom, each from left to right. */
export function linesOf(page: readonly PlacedText[]): string[] {
  const lines = Map.groupBy(page, ({ y }) => Math.round(y));
  return [...lines]
    .sort(([a], [b]) => a - b)
    .map(([, parts]) =>
      parts
        .toSorted((a, b) => a.x - b.x)
        .map(({ text }) => text)
        .join("")
        .trim(),
    )
    .filter((line) => line !== "");
}
