/** A line without its end; `null` for a line that is too long. */
export type RawLine = Buffer | null;

/** Longer lines are skipped without being stored. */
export const MAX_LINE_BYTES = 16_384;

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** Needs constant memory. Lines end with LF, CRLF or the stream. A byte order mark at the start is left out. */
export async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<RawLine> {
  let parts: Buffer[] = [];
  let length = 0;
  let isFirst = true;
  const take = (): RawLine => {
    const line = length > MAX_LINE_BYTES ? null : Buffer.concat(parts);
    const start = isFirst && line?.subarray(0, 3).equals(BYTE_ORDER_MARK) === true ? 3 : 0;
    [parts, length, isFirst] = [[], 0, false];
    return line?.subarray(start, line.at(-1) === CARRIAGE_RETURN ? -1 : undefined) ?? null;
  };
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let start = 0;
    for (let end = bytes.indexOf(LINE_FEED); ; end = bytes.indexOf(LINE_FEED, start)) {
      const piece = bytes.subarray(start, end === -1 ? undefined : end);
      length += piece.length;
      if (length <= MAX_LINE_BYTES) parts.push(piece);
      else parts = [];
      if (end === -1) break;
      start = end + 1;
      yield take();
    }
  }
  if (length > 0) yield take();
}
