import { readFile } from "node:fs/promises";

/** The languages of the examples in `docs/api.md`, as its fences name them. */
export const LANGUAGES = ["sh", "ts", "python"] as const;
export type Language = (typeof LANGUAGES)[number];

export const API_GUIDE = await readFile("docs/api.md", "utf8");

/** The examples of a language, which are one program. */
export function examples(language: Language, text = API_GUIDE): string[] {
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].flatMap(([, fence, code = ""]) => (fence === language ? [code] : []));
}
