import sharp, { type Sharp } from "sharp";
import { describe, expect, it } from "vitest";
import { exif, imageCase, jpegWithExif, pngWithExif, samplePage } from "./__tests__/images.ts";
import { isBlank, type Page, readPage } from "./page-image.ts";

const notice = samplePage("notice.jpg");
const read = async (file: Buffer): Promise<Page> => await readPage(file);
const upright = await read(notice);

const { width, height } = upright;
const rgb = await sharp(notice).removeAlpha().toColourspace("srgb").raw().toBuffer();
const channels = rgb.length / (width * height);

/** By orientation: where a pixel of the stored image, at x and y, is on the upright page (EXIF 2.3, table 6). */
const PLACES: Readonly<Record<number, (x: number, y: number) => readonly [number, number]>> = {
  1: (x, y) => [x, y],
  2: (x, y) => [width - 1 - x, y],
  3: (x, y) => [width - 1 - x, height - 1 - y],
  4: (x, y) => [x, height - 1 - y],
  5: (x, y) => [y, x],
  6: (x, y) => [width - 1 - y, x],
  7: (x, y) => [width - 1 - y, height - 1 - x],
  8: (x, y) => [y, height - 1 - x],
};

/** The notice as a camera stores it that is held so. */
function stored(orientation: number): Sharp {
  const place = PLACES[orientation] as (x: number, y: number) => readonly [number, number];
  const size = orientation < 5 ? { width, height } : { width: height, height: width };
  const pixels = Buffer.alloc(rgb.length);
  for (let index = 0; index < width * height; index++) {
    const [x, y] = place(index % size.width, Math.floor(index / size.width));
    rgb.copy(pixels, index * channels, (y * width + x) * channels, (y * width + x + 1) * channels);
  }
  return sharp(pixels, { raw: { ...size, channels: channels as 1 | 3 } });
}

/** The mean difference of two pages' pixels; a page that is turned or mirrored differs by more than 10. */
function difference(page: Page, other: Page = upright): number {
  expect([page.width, page.height, page.pixels.length]).toEqual([other.width, other.height, other.width * other.height]);
  return (
    page.pixels.reduce((sum, pixel, index) => sum + Math.abs(pixel - (other.pixels[index] as number)), 0) / page.pixels.length
  );
}

describe("a page", () => {
  const orientations = [1, 2, 3, 4, 5, 6, 7, 8];

  it.each(orientations)("is turned as the EXIF orientation %i of a JPEG says, in either byte order", async (orientation) => {
    const jpeg = await stored(orientation).jpeg({ quality: 100 }).toBuffer();
    for (const order of ["II", "MM"] as const) {
      expect(difference(await read(jpegWithExif(jpeg, exif(orientation, order))))).toBeLessThan(3);
    }
  });

  it.each(orientations)("is turned as the EXIF orientation %i of a PNG or WebP says", async (orientation) => {
    const png = await stored(orientation).png().toBuffer();
    expect(difference(await read(pngWithExif(png, exif(orientation, "MM"))))).toBeLessThan(3);
    const webp = await stored(orientation).withMetadata({ orientation }).webp({ lossless: true }).toBuffer();
    expect(difference(await read(webp))).toBeLessThan(3);
  });

  it("is not turned as its thumbnail is, nor by an orientation that there is not", async () => {
    expect(difference(await read(jpegWithExif(notice, exif(1, "II", 6))))).toBe(0);
    expect(
      difference(await read(jpegWithExif(await stored(6).jpeg({ quality: 100 }).toBuffer(), exif(6, "MM", 1)))),
    ).toBeLessThan(3);
    expect(difference(await read(jpegWithExif(notice, exif(0, "II"))))).toBe(0);
    expect(difference(await read(jpegWithExif(notice, exif(9, "II"))))).toBe(0);
  });

  it.each([
    ["a progressive JPEG", () => sharp(notice).jpeg({ progressive: true, quality: 100 })],
    ["a JPEG in CMYK", () => sharp(notice).toColourspace("cmyk").jpeg({ quality: 100 })],
    ["a JPEG in grey", () => sharp(notice).greyscale().jpeg({ quality: 100 })],
    ["a PNG of 16 bits in grey", () => sharp(notice).toColourspace("grey16").png()],
    ["a PNG of 16 bits in colour", () => sharp(notice).toColourspace("rgb16").png()],
    ["a PNG with a palette", () => sharp(notice).png({ palette: true })],
    ["a PNG of 16 bits with opacity", () => sharp(notice).ensureAlpha().toColourspace("rgb16").png()],
    ["a PNG in grey with opacity", () => sharp(notice).greyscale().ensureAlpha().png()],
    ["a PNG whose palette has opacity", () => sharp(notice).ensureAlpha(0.999).png({ palette: true })],
    ["an interlaced PNG", () => sharp(notice).png({ progressive: true })],
    ["a PNG with opacity, all opaque", () => sharp(notice).ensureAlpha().png()],
    ["a WebP", () => sharp(notice).webp({ quality: 100 })],
  ])("may be %s", async (_kind, image) => {
    expect(difference(await read(await image().toBuffer()))).toBeLessThan(4);
  });

  it("is put on white where it is transparent, and on black where its print is light", async () => {
    const ink = Buffer.from(upright.pixels).map((pixel) => 255 - pixel);
    const print = (grey: number): Buffer => Buffer.from(Array.from(ink, (alpha) => [grey, grey, grey, alpha]).flat());
    const png = async (grey: number): Promise<Buffer> =>
      await sharp(print(grey), { raw: { width: upright.width, height: upright.height, channels: 4 } })
        .png()
        .toBuffer();
    expect(difference(await read(await png(0)))).toBeLessThan(2);
    const negative = { ...upright, pixels: upright.pixels.map((pixel) => 255 - pixel) };
    expect(difference(await read(await png(255)), negative)).toBeLessThan(2);
  });

  it("is turned with its opacity", async () => {
    const opacity = await sharp(notice).greyscale().negate().rotate(270).raw().toBuffer();
    const size = { width: upright.height, height: upright.width };
    const print = await sharp(Buffer.alloc(opacity.length * 3), { raw: { ...size, channels: 3 } })
      .joinChannel(opacity, { raw: { ...size, channels: 1 } })
      .png()
      .toBuffer();
    expect(difference(await read(pngWithExif(print, exif(6, "II"))))).toBeLessThan(2);
  });

  it("may be as small as a pixel", async () => {
    const png = await sharp({ create: { width: 1, height: 1, channels: 3, background: "#fff" } })
      .png()
      .toBuffer();
    expect(await read(png)).toEqual({ width: 1, height: 1, pixels: Buffer.from([255]) });
  });

  it("is blank with nothing but a scanner's noise on it", async () => {
    const pixels = Buffer.from({ length: 10_000 }).map((_, index) => 225 + ((index * 7919) % 23));
    expect(isBlank({ width: 100, height: 100, pixels })).toBe(true);
    expect(isBlank(upright)).toBe(false);
  });
});

describe("a file that is no page", () => {
  const png = samplePage("letter.png");
  const sized = (width: number, height: number): Buffer => {
    const header = Buffer.from(png.subarray(0, 64));
    header.writeUInt32BE(width, 16);
    header.writeUInt32BE(height, 20);
    return header;
  };
  const damaged = Buffer.from(png);
  damaged.fill(0, 12_000, 12_100);
  const gif = Buffer.from("R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==", "base64");
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="/etc/hostname"/></svg>');

  it.each([
    ["text", Buffer.from("a page of text"), "NotAnImage", "not a PNG, JPEG or WebP file"],
    ["empty", Buffer.alloc(0), "NotAnImage", "not a PNG, JPEG or WebP file"],
    ["a PDF", Buffer.from("%PDF-1.7\n"), "NotAnImage", "not a PNG, JPEG or WebP file"],
    ["an SVG", svg, "NotAnImage", "not a PNG, JPEG or WebP file"],
    ["a GIF", gif, "NotAnImage", "not a PNG, JPEG or WebP file"],
    ["a PNG by its first bytes only", Buffer.concat([png.subarray(0, 8), notice]), "NotAnImage", "is damaged"],
    ["a PNG without its header", png.subarray(0, 12), "NotAnImage", "is damaged"],
    ["a PNG cut off in its middle", png.subarray(0, 9_000), "NotAnImage", "is damaged"],
    ["a PNG with a hole", damaged, "NotAnImage", "is damaged"],
    ["a JPEG without its frame", notice.subarray(0, 20), "NotAnImage", "is damaged"],
    ["a JPEG cut off in its middle", notice.subarray(0, 2_000), "NotAnImage", "is damaged"],
    [
      "a small file of 1,600 million pixels",
      sized(40_000, 40_000),
      "ImageTooLarge",
      "40000 x 40000 pixels; allowed: 40000000 in all",
    ],
    ["too wide", sized(33_000, 10), "ImageTooLarge", "a width of 32767"],
  ])("fails the job for good: %s", async (_kind, file, code, message) => {
    await expect(read(file)).rejects.toMatchObject({ name: "PermanentError", code, message: expect.stringContaining(message) });
  });

  it("fails the job for good when it moves", async () => {
    const frames = await Promise.all(
      [notice, samplePage("letter.png")].map(async (file) => await sharp(file).resize(100, 60, { fit: "fill" }).png().toBuffer()),
    );
    const webp = await sharp(frames, { join: { animated: true } })
      .webp()
      .toBuffer();
    await expect(read(webp)).rejects.toMatchObject({ code: "NotAnImage", message: "the image has 2 frames; allowed: 1" });
  });

  it("is not what a page of a camera is, whatever its EXIF data says besides", async () => {
    expect(await read(imageCase("exif6-le.jpg"))).toMatchObject({ width: 1_000, height: 420 });
  });
});
