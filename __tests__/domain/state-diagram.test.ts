import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { TRANSITION_NAMES } from "../../domain/transitions.ts";
import { drawStates, STATES_DOCUMENT, withStates } from "../../scripts/draw-states.ts";

describe("the drawing of a job's states", () => {
  it("in the architecture document is up to date with the transition table", async () => {
    const document = await readFile(STATES_DOCUMENT, "utf8");
    expect(document, "run: node scripts/draw-states.ts").toBe(withStates(document, drawStates()));
  });

  it("shows every transition, where a job starts and where it ends", () => {
    const [, diagram = "", table = ""] = drawStates().split("```");
    for (const name of TRANSITION_NAMES) {
      expect(diagram).toMatch(new RegExp(`--> [A-Z]+: (\\w+, )*${name}(,|\n)`));
      expect(table).toContain(`| \`${name}\` |`);
    }
    expect(diagram).toContain("[*] --> QUEUED: add");
    for (const status of ["SUCCEEDED", "FAILED", "CANCELLED"]) expect(diagram).toContain(`${status} --> [*]`);
  });

  it("replaces what stands between the markers, and nothing else", () => {
    const document = "# A\n<!-- states:begin -->\nold\n<!-- states:end -->\n# B\n";
    const drawn = "# A\n<!-- states:begin -->\nnew\n<!-- states:end -->\n# B\n";
    expect(withStates(document, "new")).toBe(drawn);
    expect(withStates(drawn, "new")).toBe(drawn);
  });

  it.each(["# A", "<!-- states:end --> <!-- states:begin -->"])("needs both markers, in order: %s", (document) => {
    expect(() => withStates(document, "new")).toThrow("needs the lines <!-- states:begin --> and <!-- states:end -->");
  });
});
