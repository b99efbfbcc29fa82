/**
 * A stream of a file that is read part by part, each when it is asked for: one that nobody reads holds nothing, and need not be closed.
 *
 * @param bytes of the whole file.
 * @param read gives some bytes from `start` on.
 */
export function fileStream(bytes: number, read: (start: number) => Promise<Uint8Array>): ReadableStream<Uint8Array> {
  let start = 0;
  const pull = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
    if (start < bytes) {
      const part = await read(start);
      start += part.byteLength;
      controller.enqueue(part);
    }
    if (start >= bytes) controller.close();
  };
  return new ReadableStream({ pull }, { highWaterMark: 0 });
}
