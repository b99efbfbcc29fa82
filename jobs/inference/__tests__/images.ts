import { readFileSync } from "node:fs";
import { crc32 } from "node:zlib";

/** A page that programs got wrong, in `cases/`. */
export function imageCase(name: string): Buffer {
  return readFileSync(new URL(`./cases/${name}`, import.meta.url));
}

/** A page of the samples. */
export function samplePage(name: string): Buffer {
  return readFileSync(new URL(`../samples/${name}`, import.meta.url));
}

/** EXIF data that names an orientation, and another one for its thumbnail. */
export function exif(orientation: number, order: "II" | "MM", thumbnail?: number): Buffer {
  const isLittle = order === "II";
  const number = (bytes: 2 | 4, value: number): Buffer => {
    const buffer = Buffer.alloc(bytes);
    if (isLittle) buffer.writeUIntLE(value, 0, bytes);
    else buffer.writeUIntBE(value, 0, bytes);
    return buffer;
  };
  // A directory of one entry: tag 0x0112, a short, one of it, padded to four bytes; then where the next directory is.
  const directory = (value: number, next: number): Buffer =>
    Buffer.concat([number(2, 1), number(2, 0x0112), number(2, 3), number(4, 1), number(2, value), number(2, 0), number(4, next)]);
  const header = Buffer.concat([Buffer.from(order), number(2, 42), number(4, 8)]);
  const main = directory(orientation, thumbnail === undefined ? 0 : 26);
  return Buffer.concat([header, main, ...(thumbnail === undefined ? [] : [directory(thumbnail, 0)])]);
}

export function jpegWithExif(jpeg: Buffer, data: Buffer): Buffer {
  const content = Buffer.concat([Buffer.from("Exif\0\0"), data]);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(content.length + 2);
  return Buffer.concat([jpeg.subarray(0, 2), Buffer.from([0xff, 0xe1]), length, content, jpeg.subarray(2)]);
}

export function pngWithExif(png: Buffer, data: Buffer): Buffer {
  // After the signature and the header chunk.
  return Buffer.concat([png.subarray(0, 33), pngChunk("eXIf", data), png.subarray(33)]);
}

function pngChunk(name: string, data: Buffer): Buffer {
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(Buffer.concat([Buffer.from(name), data])));
  return Buffer.concat([length, Buffer.from(name), data, sum]);
}
