import { fileURLToPath } from "node:url";
import arabic from "@expo-google-fonts/amiri/400Regular/Amiri_400Regular.ttf";
import arabicBold from "@expo-google-fonts/amiri/700Bold/Amiri_700Bold.ttf";
import emoji from "@expo-google-fonts/noto-emoji/400Regular/NotoEmoji_400Regular.ttf";
import sans from "@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf";
import sansItalic from "@expo-google-fonts/noto-sans/400Regular_Italic/NotoSans_400Regular_Italic.ttf";
import sansBold from "@expo-google-fonts/noto-sans/700Bold/NotoSans_700Bold.ttf";
import sansBoldItalic from "@expo-google-fonts/noto-sans/700Bold_Italic/NotoSans_700Bold_Italic.ttf";
import hebrew from "@expo-google-fonts/noto-sans-hebrew/400Regular/NotoSansHebrew_400Regular.ttf";
import hebrewBold from "@expo-google-fonts/noto-sans-hebrew/700Bold/NotoSansHebrew_700Bold.ttf";
import japanese from "@expo-google-fonts/noto-sans-jp/400Regular/NotoSansJP_400Regular.ttf";
import japaneseBold from "@expo-google-fonts/noto-sans-jp/700Bold/NotoSansJP_700Bold.ttf";
import korean from "@expo-google-fonts/noto-sans-kr/400Regular/NotoSansKR_400Regular.ttf";
import koreanBold from "@expo-google-fonts/noto-sans-kr/700Bold/NotoSansKR_700Bold.ttf";
import math from "@expo-google-fonts/noto-sans-math/400Regular/NotoSansMath_400Regular.ttf";
import mono from "@expo-google-fonts/noto-sans-mono/400Regular/NotoSansMono_400Regular.ttf";
import monoBold from "@expo-google-fonts/noto-sans-mono/700Bold/NotoSansMono_700Bold.ttf";
import chinese from "@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf";
import chineseBold from "@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf";
import symbols from "@expo-google-fonts/noto-sans-symbols-2/400Regular/NotoSansSymbols2_400Regular.ttf";
import thai from "@expo-google-fonts/noto-sans-thai/400Regular/NotoSansThai_400Regular.ttf";
import thaiBold from "@expo-google-fonts/noto-sans-thai/700Bold/NotoSansThai_700Bold.ttf";

/** Scripts without italics, and fonts of one weight, are set in what there is. */
function family(regular: string, bold = regular, italics = regular, bolditalics = bold) {
  const [normal, ...styles] = [regular, bold, italics, bolditalics].map((asset) =>
    fileURLToPath(new URL(asset, import.meta.url)),
  );
  return { normal: normal ?? "", bold: styles[0] ?? "", italics: styles[1] ?? "", bolditalics: styles[2] ?? "" };
}

/** The families that ship with the job, all under the Open Font License; a file is read when its first text is set. */
export const FONTS = {
  Sans: family(sans, sansBold, sansItalic, sansBoldItalic),
  Mono: family(mono, monoBold),
  Hebrew: family(hebrew, hebrewBold),
  // Amiri has a glyph for each letter: Noto draws them of strokes and dots, in which programs do not find the letters again.
  Arabic: family(arabic, arabicBold),
  Thai: family(thai, thaiBold),
  Chinese: family(chinese, chineseBold),
  Japanese: family(japanese, japaneseBold),
  Korean: family(korean, koreanBold),
  Math: family(math),
  Symbols: family(symbols),
  Emoji: family(emoji),
} as const;

export type FontName = keyof typeof FONTS;

const KANA = /[\p{Script=Hiragana}\p{Script=Katakana}]/u;
const HANGUL = /\p{Script=Hangul}/u;

/**
 * The order in which fonts are asked for a character that the text's own font lacks. Chinese, Japanese and Korean share
 * characters that each draws differently: the kana or Hangul of a text tell which it means.
 */
export function fallbackFonts(text: string): readonly FontName[] {
  const [first, ...others]: readonly FontName[] = KANA.test(text)
    ? ["Japanese", "Chinese", "Korean"]
    : HANGUL.test(text)
      ? ["Korean", "Chinese", "Japanese"]
      : ["Chinese", "Japanese", "Korean"];
  return ["Sans", "Hebrew", "Arabic", "Thai", first ?? "Chinese", ...others, "Math", "Symbols", "Emoji"];
}
