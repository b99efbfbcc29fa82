import columnCalculator from "pdfmake/js/columnCalculator.js";
import layoutBuilder from "pdfmake/js/LayoutBuilder.js";
import pdfDocument from "pdfmake/js/PDFDocument.js";
import renderer from "pdfmake/js/Renderer.js";
import styleContextStack from "pdfmake/js/StyleContextStack.js";
import svgMeasure from "pdfmake/js/SVGMeasure.js";
import tableProcessor from "pdfmake/js/TableProcessor.js";
import textInlines from "pdfmake/js/TextInlines.js";

/** Compiled to CommonJS, a module of pdfmake is an object with its export; Vitest takes the export out of it already. */
function exported<Export>(module: { default?: Export }): Export {
  return module.default ?? (module as Export);
}

/** The parts of pdfmake that this job puts together itself, since its printer cannot be extended. */
export const { buildColumnWidths } = exported(columnCalculator);
export const LayoutBuilder = exported(layoutBuilder);
export const PDFDocument = exported(pdfDocument);
export const Renderer = exported(renderer);
export const StyleContextStack = exported(styleContextStack);
export const SVGMeasure = exported(svgMeasure);
export const TableProcessor = exported(tableProcessor);
export const TextInlines = exported(textInlines);
