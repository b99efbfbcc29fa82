import type { Shape } from "./model.ts";

/** What a text of a form, a query or a header stands for, by its shape. */
export function scalarOf({ type }: Shape, text: string | undefined): unknown {
  if (text === undefined) return undefined;
  if (type === "boolean") return text === "true" ? true : text === "false" ? false : text;
  if (type === "integer" || type === "long" || type === "float" || type === "double") return Number(text);
  return text;
}
