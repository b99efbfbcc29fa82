import { runValues } from "../values/run-values.ts";
import type { Breach } from "./breach.ts";

const GENERATED = 5;
const SEED = 1;

/** Values that something on the way might change, to a handler and to a command, and back to the caller. */
export async function valuesOfEveryKind(): Promise<Breach[]> {
  const { problems } = await runValues(GENERATED, SEED);
  return problems.slice(0, 1).map((message) => ({ broken: 28, message }));
}
