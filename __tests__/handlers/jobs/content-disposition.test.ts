import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contentDisposition } from "../../../handlers/jobs/content-disposition.ts";
import { runs } from "../../support/property-runs.ts";

const FOLDER = "results/document/document_01K91ABCDEFGHJKMNPQRSTVWXY/1";

describe("the disposition of a linked object", () => {
  it.each([
    [`${FOLDER}/files/report.pdf`, 'attachment; filename="report.pdf"'],
    [`${FOLDER}/files/page.html`, 'attachment; filename="page.html"'],
    [`${FOLDER}/result.json`, 'attachment; filename="result.json"'],
    ["inputs/document/document_01K91ABCDEFGHJKMNPQRSTVWXY/0f8fad5b.json", 'attachment; filename="input.json"'],
    [`${FOLDER}/files/`, 'attachment; filename="file"'],
    [`${FOLDER}/files/"; x="`, `attachment; filename="__ x__"; filename*=UTF-8''%22%3B%20x%3D%22`],
    [`${FOLDER}/files/d'été(1)*.pdf`, `attachment; filename="d__t__1__.pdf"; filename*=UTF-8''d%27%C3%A9t%C3%A9%281%29%2A.pdf`],
    [`${FOLDER}/files/\ud800a\r\nb`, `attachment; filename="_a__b"; filename*=UTF-8''%EF%BF%BDa%0D%0Ab`],
  ])("of %j is %s", (key, expected) => {
    expect(contentDisposition(key)).toBe(expected);
  });

  it("is one header of printable ASCII, whatever the key", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 150 }), (name) => {
        expect(contentDisposition(`${FOLDER}/files/${name}`)).toMatch(
          /^attachment; filename="[\w. -]{1,128}"(?:; filename\*=UTF-8''[\w.!~%-]{1,1600})?$/,
        );
      }),
      runs(100),
    );
  });
});
