/** What pdfmake lays out, as far as this job uses it (https://pdfmake.github.io/docs); lengths in points. */
export type Content = string | Node | readonly Content[];

type Margin = number | readonly [horizontal: number, vertical: number] | readonly [number, number, number, number];

/** A node has one of the members that hold content, and says how that looks. */
export interface Node extends TextStyle {
  readonly text?: string | readonly Span[];
  readonly stack?: readonly Content[];
  readonly ul?: readonly Content[];
  readonly ol?: readonly Content[];
  readonly start?: number;
  readonly separator?: string;
  readonly listType?: string;
  readonly columns?: readonly Content[];
  readonly columnGap?: number;
  readonly width?: number | string;
  readonly svg?: string;
  readonly table?: Table;
  readonly layout?: TableLayout;
  readonly style?: string;
  readonly margin?: Margin;
  readonly preserveLeadingSpaces?: boolean;
  readonly noWrap?: boolean;
  readonly pageBreak?: "before";
  readonly pageOrientation?: "landscape" | "portrait";
  readonly relativePosition?: { readonly x: number; readonly y: number };
  /** Ours: what must be left of the page; else it begins on the next. */
  readonly room?: number;
}

export interface TextStyle {
  readonly font?: string;
  readonly fontSize?: number;
  readonly bold?: boolean;
  readonly italics?: boolean;
  readonly color?: string;
  readonly background?: string;
  readonly fillColor?: string;
  readonly alignment?: "left" | "center" | "right";
  readonly decoration?: readonly ("lineThrough" | "underline")[];
  readonly link?: string;
}

/** A piece of text in one style. */
export interface Span extends TextStyle {
  readonly text: string;
  /** Ours: it reads upwards. */
  readonly upwards?: boolean;
}

export interface Table {
  readonly headerRows?: number;
  /** Ours: `whole` columns break their words last. */
  readonly widths: readonly (string | { readonly width: string; readonly whole: boolean })[];
  readonly body: readonly (readonly Content[])[];
}

type Length = (index: number, node: { readonly table: Table }) => number;

export interface TableLayout {
  readonly hLineWidth?: Length;
  readonly vLineWidth?: Length;
  readonly hLineColor?: () => string;
  readonly vLineColor?: () => string;
  readonly paddingLeft?: Length;
  readonly paddingRight?: Length;
  readonly paddingTop?: Length;
  readonly paddingBottom?: Length;
  readonly fillColor?: (row: number) => string | null;
}
