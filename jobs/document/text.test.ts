import { describe, expect, it } from "vitest";
import type { PlacedText } from "./__tests__/read-pdf.ts";
import { testCase, testDocument } from "./__tests__/test-document.ts";

/** Where a word begins. */
function xOf(page: readonly PlacedText[], word: string): number {
  const found = page.find(({ text }) => text.includes(word));
  if (found === undefined) throw new Error(`${word} is not on the page`);
  return found.x;
}

describe("text of any script", () => {
  it("prints the languages that a report may be in", async () => {
    const { text, missingGlyphs } = await testCase("unicode");
    for (const words of [
      "Łódź – 报告 😀",
      "Polish: Łódź, żółw, Wałęsa. Croatian: Đoković, đak. Turkish: ışık, İstanbul. Vietnamese: Điện Biên.",
      "Greek: Ωμέγα. Cyrillic: Привет.",
      "Chinese: 你好世界。 Japanese: こんにちは。 Korean: 안녕하세요.",
      "مرحبا",
      "بالعالم",
      "שלום",
      "Math: ≈ ≠ ∞ √2 ½ ⅓ π ′ ″ × ÷. Currency: € ₹ ₺ ₩ ¥. Hyphen U+2010: well‐known. Line\nseparator. Check ✓ ✔.",
      "Őrség",
      "株式会社",
    ]) {
      expect(text).toContain(words);
    }
    expect(missingGlyphs).toBeUndefined();
  });

  it.each([
    ["Vietnamese", "Tiếng Việt: ừ ữ ự ộ ổ ỗ"],
    ["Latin of far away", "Ə ə ɓ ɗ ŋ ŧ Þ ð ĉ ĝ Ẹ ọ ʃ θ"],
    ["old and polytonic Greek", "ἀρχή ᾧ Ἑλλάς"],
    ["Cyrillic of other languages", "Ѳ ѣ ҡ Ґ ґ ў Ђ қ ң"],
    ["traditional Chinese", "繁體中文報告"],
    ["rare Han", "𠮷野家"],
    ["signs and arrows", "← → ⇒ ∑ ∫ ∀ ⌘ ♥ ♪ ‰ № ™ ℃ ① Ⅳ ㎏ ☃ ★ ─│┌ ▲▼"],
    ["ligatures", "office fluffy ﬁ ﬂ"],
    ["emoji of several parts", "👨‍👩‍👧‍👦 🏳️‍🌈 1️⃣ 🇫🇷🇯🇵 ⚠️ 🧿"],
  ])("prints %s, and other programs find it in the file", async (_, words) => {
    const { text, missingGlyphs } = await testDocument({ markdown: words });
    expect(missingGlyphs).toBeUndefined();
    // Programs take ligatures apart.
    const plain = (string: string): string => string.normalize("NFKC").replace(/[\s\u200B]/g, "");
    expect(plain(text)).toContain(plain(words));
  });

  it.each([
    ["Thai", "น้ำ"],
    ["Devanagari", "हिन्दी क्षत्रिय"],
    ["marks on letters", "e\u0301 x\u0323"],
    ["skin tones", "👍🏽"],
  ])("says in the file what glyphs of %s do not tell", async (_, words) => {
    const { bytes, missingGlyphs } = await testDocument({ markdown: words });
    expect(missingGlyphs).toBeUndefined();
    expect((await actualTexts(bytes)).join("").replaceAll(" ", "")).toBe(words.replaceAll(" ", ""));
  });

  it("breaks Thai, which has no spaces, between words", async () => {
    const { lines } = await testDocument({
      markdown: "ภาษาไทยเป็นภาษาที่ไม่มีการเว้นวรรคระหว่างคำดังนั้นการตัดบรรทัดจึงต้องใช้พจนานุกรม".repeat(3),
    });
    const [first = ""] = lines.slice(1);
    expect(first.length).toBeGreaterThan(60);
    expect(first.endsWith("การ") || first.endsWith("คำา") || /[\u0E00-\u0E7F]$/.test(first)).toBe(true);
  });

  it("sets Japanese in a Japanese font, Chinese in a Chinese one", async () => {
    const fontsOf = async (markdown: string): Promise<string> =>
      Buffer.from((await testDocument({ markdown })).bytes).toString("latin1");
    expect(await fontsOf("直角 ひらがな")).toContain("NotoSansJP");
    const chinese = await fontsOf("直角 你好");
    expect(chinese).toContain("NotoSansSC");
    expect(chinese).not.toContain("NotoSansJP");
    expect(await fontsOf("# 直角\n\nひらがな")).not.toContain("NotoSansSC");
  });

  it("shows a soft hyphen only where a line ends at it", async () => {
    const word = "Donau\u00ADdampf\u00ADschiff\u00ADfahrts\u00ADgesell\u00ADschafts\u00ADkapitän ";
    const { lines } = await testDocument({ markdown: word.repeat(4) });
    expect(lines[1]).toMatch(/[a-z]-$/);
    expect(lines.slice(1, 3).join("").replaceAll("-", "").replaceAll(" ", "")).toBe(
      "Donaudampfschifffahrtsgesellschaftskapitän".repeat(4),
    );
  });

  it("draws no box for what is invisible", async () => {
    const { text, missingGlyphs } = await testDocument({ markdown: "a\u200Bb\u2060c\uFEFFd 5\u00A0km" });
    expect(missingGlyphs).toBeUndefined();
    expect(text).toMatch(/abcd 5.km/);
  });
});

describe("text from right to left", () => {
  it("begins on the right, with numbers and Latin words as they are", async () => {
    const { pages } = await testDocument({ markdown: "שלום עולם abc def 2026 סוף" });
    const page = pages[0] ?? [];
    const order = ["שלום", "עולם", "abc", "2026", "סוף"].map((word) => xOf(page, word));
    expect(order).toEqual(order.toSorted((a, b) => b - a));
    expect(page.some(({ text }) => text.includes("abc def"))).toBe(true);
    expect(xOf(page, "שלום")).toBeGreaterThan(480);
  });

  it("stands within a line from left to right, word by word", async () => {
    const { pages } = await testDocument({ markdown: "before مرحبا بالعالم after" });
    const order = ["before", "بالعالم", "مرحبا", "after"].map((word) => xOf(pages[0] ?? [], word));
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  });

  it("mirrors brackets", async () => {
    const { pages } = await testDocument({ markdown: "אבג (דהו) [זחט]" });
    const signs = (pages[0] ?? []).filter(({ text, y }) => /[()[\]]/.test(text) && y < 700).toSorted((a, b) => a.x - b.x);
    expect(signs.map(({ text }) => text.replace(/[^()[\]]/g, "")).join("")).toBe("[]()");
  });

  it("keeps the digits of Persian and Arabic in their order", async () => {
    const { pages } = await testDocument({ markdown: "عدد ۱۲۳ و ٤٥٦" });
    const text = (pages[0] ?? []).map((part) => part.text).join("");
    expect(text).toContain("۱۲۳");
    expect(text).toContain("٤٥٦");
  });

  it("puts boxes in the place of tasks' marks", async () => {
    const { text } = await testDocument({ markdown: "- [ ] אחת\n- [x] שתיים" });
    expect(text).toContain("☐");
    expect(text).toContain("☑");
    expect(text).not.toContain("•");
  });

  it("puts lists' marks on the right", async () => {
    const { pages } = await testDocument({ markdown: "7. واحد\n8. اثنان" });
    expect(xOf(pages[0] ?? [], "7.")).toBeGreaterThan(xOf(pages[0] ?? [], "واحد"));
    const long = await testDocument({ markdown: "999999998. واحد\n1. اثنان" });
    expect(long.pages[0]?.map(({ text }) => text)).toEqual(expect.arrayContaining(["999999998.", "999999999."]));
  });
});

/** The replacement texts of a PDF of ours, in the order of reading. */
async function actualTexts(pdf: Uint8Array): Promise<string[]> {
  const { inflateSync } = await import("node:zlib");
  const source = Buffer.from(pdf).toString("latin1");
  const streams = [...source.matchAll(/stream\r?\n([\s\S]*?)\r?\nendstream/g)].map(([, body = ""]) => {
    try {
      return inflateSync(Buffer.from(body, "latin1")).toString("latin1");
    } catch {
      return "";
    }
  });
  return [...streams.join("\n").matchAll(/\/ActualText \(\u00FE\u00FF((?:\\[\s\S]|[^\\)])*)\)/g)].map(([, text = ""]) => {
    const bytes = Buffer.from(
      text.replace(/\\([\s\S])/g, (_, character: string) => ESCAPED[character] ?? character),
      "latin1",
    );
    return Buffer.from(bytes).swap16().toString("utf16le");
  });
}

const ESCAPED: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f" };
