/** The suites of the proof, each of which leaves its figures; the report has them in this order. */
export const SUITES = [
  "schedules",
  "faults",
  "properties",
  "real processes",
  "hostile input",
  "overload",
  "soak",
  "mutants",
] as const;

export type Suite = (typeof SUITES)[number];
