import { readFile } from "node:fs/promises";

const PAGES = {
  "a letter": "letter.png",
  "an invoice": "invoice.png",
  "a scanned report": "weather-report-scan.png",
  "a notice": "notice.jpg",
} as const;

/** Inputs that the demo submits: pages in grey, as PNG and JPEG files. */
export async function samples(): Promise<readonly { readonly name: string; readonly input: unknown }[]> {
  return await Promise.all(
    Object.entries(PAGES).map(async ([name, file]) => ({
      name,
      input: { image: await readFile(new URL(`./samples/${file}`, import.meta.url), "base64") },
    })),
  );
}
