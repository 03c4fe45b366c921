/** A message in one direction: fields as JSON, and bytes. */
export interface Frame {
  readonly header: unknown;
  readonly body: Buffer;
}

/** The peer does not speak the protocol. The message quotes nothing. */
export class FrameError extends Error {
  override readonly name = 'FrameError';
}

const LENGTH_BYTES = 4;
const HEADER_LENGTH_BYTES = 2;
const LENGTHS_BYTES = LENGTH_BYTES + HEADER_LENGTH_BYTES;
const MAX_HEADER_BYTES = 1_024;
/** The largest act in JSON: 64 KiB in hexadecimal, and its envelope. */
export const MAX_BODY_BYTES = 262_144;

/** Length of the rest (4 bytes, big-endian), length of the header (2 bytes), the header as JSON, the body. */
export function encodeFrame(header: object, body: Buffer): Buffer {
  const json = Buffer.from(JSON.stringify(header), 'utf8');
  if (json.length > MAX_HEADER_BYTES || body.length > MAX_BODY_BYTES) throw new FrameError('too large');
  const length = HEADER_LENGTH_BYTES + json.length + body.length;
  const lengths = Buffer.alloc(LENGTHS_BYTES);
  lengths.writeUInt32BE(length);
  lengths.writeUInt16BE(json.length, LENGTH_BYTES);
  return Buffer.concat([lengths, json, body]);
}

export class FrameReader {
  private bytes = Buffer.alloc(LENGTHS_BYTES);
  private filled = 0;

  /** The complete frame; null before. Throws a `FrameError` as soon as the bytes cannot be a frame. */
  push(chunk: Buffer): Frame | null {
    const rest = chunk.subarray(this.take(chunk));
    if (this.filled < LENGTHS_BYTES) return null;
    const length = this.bytes.readUInt32BE();
    const bodyAt = LENGTHS_BYTES + this.bytes.readUInt16BE(LENGTH_BYTES);
    const end = LENGTH_BYTES + length;
    const isBounded =
      bodyAt <= LENGTHS_BYTES + MAX_HEADER_BYTES && bodyAt <= end && end <= bodyAt + MAX_BODY_BYTES;
    if (!isBounded) throw new FrameError('lengths out of bounds');
    if (this.bytes.length < end) {
      const whole = Buffer.alloc(end);
      this.bytes.copy(whole);
      this.bytes = whole;
    }
    if (this.take(rest) < rest.length) throw new FrameError('more than one frame');
    if (this.filled < end) return null;
    return {
      header: parse(this.bytes.toString('utf8', LENGTHS_BYTES, bodyAt)),
      body: this.bytes.subarray(bodyAt),
    };
  }

  private take(chunk: Buffer): number {
    const taken = chunk.copy(this.bytes, this.filled);
    this.filled += taken;
    return taken;
  }
}

interface Connection {
  on(event: 'data', listener: (chunk: Buffer) => void): unknown;
  on(event: 'close' | 'error', listener: () => void): unknown;
  setTimeout(milliseconds: number, listener: () => void): unknown;
  write(bytes: Buffer): unknown;
  destroy(): unknown;
}

/** One call on its own connection. @returns null without an answer in time: then the outcome is unknown */
export function exchange(request: Buffer, connection: Connection, timeoutMs: number): Promise<Frame | null> {
  const reader = new FrameReader();
  return new Promise((resolve) => {
    const end = (frame: Frame | null): void => {
      resolve(frame);
      connection.destroy();
    };
    connection.setTimeout(timeoutMs, () => end(null));
    connection.on('error', () => end(null));
    connection.on('close', () => end(null));
    connection.on('data', (chunk: Buffer) => {
      try {
        const frame = reader.push(chunk);
        if (frame) end(frame);
      } catch {
        end(null);
      }
    });
    connection.write(request);
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new FrameError('the header is not JSON');
  }
}
