/** Length prefix of each text. */
const LENGTH_BYTES = 2;
const MAX_LENGTH = 0xffff;

/** ASCII texts by name, appended to one buffer outside the heap until it is full. */
export class TextBuffer {
  private readonly bytes: Buffer;
  private readonly positions = new Map<string, number>();
  private end = 0;

  /** @param size of the buffer in bytes; the OS commits its pages lazily */
  constructor(size: number) {
    this.bytes = Buffer.alloc(size);
  }

  get size(): number {
    return this.positions.size;
  }

  get(name: string): string | undefined {
    const position = this.positions.get(name);
    if (position === undefined) return undefined;
    const start = position + LENGTH_BYTES;
    return this.bytes.toString('latin1', start, start + this.bytes.readUInt16LE(position));
  }

  /** Whether the text would fit into an empty buffer. */
  canTake({ length }: string): boolean {
    return length <= MAX_LENGTH && LENGTH_BYTES + length <= this.bytes.length;
  }

  /** @returns whether there was room. */
  add(name: string, text: string): boolean {
    const start = this.end + LENGTH_BYTES;
    if (start + text.length > this.bytes.length) return false;
    this.bytes.writeUInt16LE(text.length, this.end);
    this.bytes.write(text, start, 'latin1');
    this.positions.set(name, this.end);
    this.end = start + text.length;
    return true;
  }

  clear(): void {
    this.positions.clear();
    this.end = 0;
  }
}
