import { PermanentError } from "@autoscaling-job-queues/domain/errors";

/** A page of A4 at 600 dpi has 34.8 million pixels. A small file can hold far more, and recognition needs many bytes for each. */
export const MAX_PIXELS = 40_000_000;

const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const JPEG_START = Buffer.from([0xff, 0xd8, 0xff]);
/** A PNG's header chunk comes first: width and height stand behind the signature, the chunk's length and its name. */
const PNG_WIDTH_OFFSET = 16;

interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * Decodes a page image.
 *
 * @param base64 a PNG or JPEG file.
 * @throws PermanentError when the file is neither, is cut off before its size, or has more than `MAX_PIXELS`.
 */
export function pageImage(base64: string): Buffer {
  const image = Buffer.from(base64, "base64");
  const { width, height } = imageSize(image);
  if (width * height > MAX_PIXELS) {
    throw new PermanentError(`the image has ${width} x ${height} pixels; allowed: ${MAX_PIXELS} in all`, {
      code: "ImageTooLarge",
    });
  }
  return image;
}

function imageSize(image: Buffer): Size {
  if (startsWith(image, PNG_SIGNATURE)) return pngSize(image);
  if (startsWith(image, JPEG_START)) return jpegSize(image);
  throw new PermanentError("the image is neither a PNG nor a JPEG file", { code: "NotAnImage" });
}

function startsWith(image: Buffer, signature: Buffer): boolean {
  return image.subarray(0, signature.length).equals(signature);
}

function pngSize(image: Buffer): Size {
  if (image.length < PNG_WIDTH_OFFSET + 8) throw cutOff();
  return { width: image.readUInt32BE(PNG_WIDTH_OFFSET), height: image.readUInt32BE(PNG_WIDTH_OFFSET + 4) };
}

/** Walks a JPEG's segments (marker, two bytes of length, content) to the frame header, which holds the size. */
function jpegSize(image: Buffer): Size {
  let offset = 2;
  while (offset + 9 <= image.length) {
    const marker = image.readUInt16BE(offset);
    if (marker === 0xffff) {
      // Fill bytes may stand before a marker.
      offset += 1;
    } else if (isFrameHeader(marker)) {
      return { height: image.readUInt16BE(offset + 5), width: image.readUInt16BE(offset + 7) };
    } else {
      offset += 2 + image.readUInt16BE(offset + 2);
    }
  }
  throw cutOff();
}

/** SOF0 to SOF15; three of the sixteen numbers mean something else: Huffman tables, extensions, arithmetic coding. */
function isFrameHeader(marker: number): boolean {
  return marker >= 0xffc0 && marker <= 0xffcf && ![0xffc4, 0xffc8, 0xffcc].includes(marker);
}

function cutOff(): PermanentError {
  return new PermanentError("the image file ends before its size", { code: "NotAnImage" });
}
