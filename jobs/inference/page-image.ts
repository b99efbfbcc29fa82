import { PermanentError } from "@autoscaling-job-queues/domain/errors";
import sharp, { type Sharp } from "sharp";

/** A page as it is to be read: upright, in grey, one byte a pixel, row by row. */
export interface Page {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/** A page of A4 at 600 dpi has 34.8 million pixels. A small file can hold far more, and recognition needs many bytes for each. */
const MAX_PIXELS = 40_000_000;
/** Tesseract reads nothing that is wider. */
const MAX_WIDTH = 32_767;
/** Grey levels between print and its background, at least. */
export const PRINT_CONTRAST = 48;

// libvips knows many formats; pages come in these, and no other parser needs to be in reach of a caller.
sharp.block({ operation: ["VipsForeignLoad"] });
sharp.unblock({ operation: ["VipsForeignLoadPngBuffer", "VipsForeignLoadJpegBuffer", "VipsForeignLoadWebpBuffer"] });
// No image comes twice.
sharp.cache(false);

/**
 * Decodes a page image of any depth and colour space, and turns it as its EXIF data says.
 *
 * @param file a PNG, JPEG or WebP file.
 * @throws PermanentError "NotAnImage" when the file is none of them, is damaged, or moves; "ImageTooLarge" by its header, before
 * anything is decoded.
 */
export async function readPage(file: Buffer): Promise<Page> {
  const image = (): Sharp => sharp(file, { limitInputPixels: false }).autoOrient();
  const { autoOrient, pages = 1, hasAlpha } = await decoded(() => image().metadata());
  const { width, height } = autoOrient;
  if (width * height > MAX_PIXELS || width > MAX_WIDTH) {
    throw new PermanentError(
      `the image has ${width} x ${height} pixels; allowed: ${MAX_PIXELS} in all, and a width of ${MAX_WIDTH}`,
      { code: "ImageTooLarge" },
    );
  }
  if (pages > 1) throw new PermanentError(`the image has ${pages} frames; allowed: 1`, { code: "NotAnImage" });
  const pixels = await decoded(() => image().greyscale().raw().toBuffer());
  if (hasAlpha) putOnBackground(pixels, await decoded(() => image().extractChannel("alpha").raw().toBuffer()));
  return { width, height, pixels };
}

/** Whether all of a page has about one brightness: noise of a scanner is less than any print. */
export function isBlank({ pixels }: Page): boolean {
  let [darkest, lightest] = [255, 0];
  for (const pixel of pixels) {
    if (pixel < darkest) darkest = pixel;
    if (pixel > lightest) lightest = pixel;
  }
  return lightest - darkest < PRINT_CONTRAST;
}

/** White; black, where what is opaque is light, and so was made for a dark background. */
function putOnBackground(pixels: Uint8Array, opacity: Uint8Array): void {
  let [light, opaque] = [0, 0];
  for (const [index, alpha] of opacity.entries()) {
    light += (pixels[index] as number) * alpha;
    opaque += alpha;
  }
  const background = light > opaque * 127 ? 0 : 255;
  for (const [index, alpha] of opacity.entries()) {
    pixels[index] = Math.round(((pixels[index] as number) * alpha + background * (255 - alpha)) / 255);
  }
}

async function decoded<Result>(decode: () => Promise<Result>): Promise<Result> {
  try {
    return await decode();
  } catch (error) {
    const problem = error instanceof Error ? error.message.split("\n")[0] : String(error);
    throw new PermanentError(`the image is not a PNG, JPEG or WebP file, or is damaged: ${problem}`, {
      code: "NotAnImage",
      cause: error,
    });
  }
}
