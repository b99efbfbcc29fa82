import type { Node, Table, TableLayout } from "./content.ts";

/** Colours and sizes of a document; lengths in points, 1/72 inch. */
export const STYLE = {
  margin: 56,
  text: 10.5,
  ink: "#1f2933",
  muted: "#66737f",
  rule: "#d3dae0",
  stripe: "#f4f7f9",
  accent: "#1f5f8b",
} as const;

const heading = (fontSize: number) => ({
  fontSize,
  bold: true,
  margin: [0, fontSize * 0.45, 0, fontSize * 0.35] as [number, number, number, number],
});

export const STYLES: Readonly<Record<string, Node>> = {
  h1: heading(18),
  h2: heading(14.5),
  h3: heading(12.5),
  h4: heading(11.5),
  h5: heading(11),
  h6: heading(10.5),
  paragraph: { margin: [0, 0, 0, 7] },
  tight: { margin: [0, 0, 0, 2] },
  quote: { color: STYLE.muted, italics: true, margin: [0, 2, 0, 9] },
  rule: { margin: [0, 4, 0, 4] },
  code: { font: "Mono", fontSize: 9, margin: [0, 2, 0, 9] },
  table: { fontSize: 9, margin: [0, 4, 0, 12] },
  head: { bold: true, color: "#ffffff", fillColor: STYLE.accent },
};

export const NO_LINES = { hLineWidth: () => 0, vLineWidth: () => 0 };

/** Beside each column; many leave less room. */
const cellPadding = (_: number, { table }: { readonly table: Table }): number => (table.widths.length > 12 ? 2.5 : 5);

/** A header row, stripes, and a line at the end. */
export const TABLE: TableLayout = {
  hLineWidth: (line, { table }) => (line === table.body.length ? 0.7 : 0),
  vLineWidth: () => 0,
  hLineColor: () => STYLE.rule,
  paddingLeft: cellPadding,
  paddingRight: cellPadding,
  paddingTop: () => 3,
  paddingBottom: () => 3,
  fillColor: (row) => (row > 0 && row % 2 === 0 ? STYLE.stripe : null),
};

/** A bar on the left. */
export const QUOTE: TableLayout = {
  hLineWidth: () => 0,
  vLineWidth: (line) => (line === 0 ? 2.5 : 0),
  vLineColor: () => STYLE.accent,
  paddingLeft: () => 10,
  paddingRight: () => 0,
  paddingTop: () => 0,
  paddingBottom: () => 0,
};

export const QUOTE_FROM_RIGHT: TableLayout = {
  ...QUOTE,
  vLineWidth: (line) => (line === 1 ? 2.5 : 0),
  paddingLeft: () => 0,
  paddingRight: () => 10,
};

export const CODE: TableLayout = {
  ...NO_LINES,
  paddingLeft: () => 8,
  paddingRight: () => 8,
  paddingTop: () => 6,
  paddingBottom: () => 6,
  fillColor: () => STYLE.stripe,
};

export const RULE: TableLayout = {
  hLineWidth: (line) => (line === 0 ? 0.7 : 0),
  vLineWidth: () => 0,
  hLineColor: () => STYLE.rule,
};
