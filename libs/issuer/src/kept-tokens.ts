import { readMinted, type MintedToken } from './minted-token';

/** So many at most are kept read as well, since what is in use is asked for again and again. */
const READ = 1_024;

/** In front of each text: how long it is. */
const LENGTH_BYTES = 2;
const LONGEST = 0xffff;

/**
 * Minted tokens in memory, outside the heap: they are most of what a process would keep there. All live equally long, so that
 * the oldest go first, half of all at a time.
 */
export class KeptTokens {
  private readonly read = new Map<string, MintedToken>();
  private young: Texts;
  private old: Texts;

  constructor(maxBytes: number) {
    this.young = new Texts(Math.floor(maxBytes / 2));
    this.old = new Texts(Math.floor(maxBytes / 2));
  }

  get size(): number {
    return this.young.size + this.old.size;
  }

  get(name: string): MintedToken | undefined {
    const known = this.read.get(name);
    if (known) return known;
    const token = this.young.get(name) ?? this.old.get(name);
    if (token === undefined) return undefined;
    const minted = readMinted(token);
    this.keepRead(name, minted);
    return minted;
  }

  /** One that is too long is not kept. */
  set(name: string, minted: MintedToken): void {
    if (!this.young.canTake(minted.token)) return;
    if (!this.young.add(name, minted.token)) {
      [this.young, this.old] = [this.old, this.young];
      this.young.clear();
      this.young.add(name, minted.token);
    }
    this.keepRead(name, minted);
  }

  /** To know which was used last would cost every look-up more than it saves. */
  private keepRead(name: string, minted: MintedToken): void {
    if (this.read.size >= READ) this.read.clear();
    this.read.set(name, minted);
  }
}

/** ASCII texts by their names, one behind the other until there is no more room. */
class Texts {
  private readonly bytes: Buffer;
  private readonly places = new Map<string, number>();
  private end = 0;

  constructor(size: number) {
    // The system gives pages when they are used.
    this.bytes = Buffer.alloc(size);
  }

  get size(): number {
    return this.places.size;
  }

  get(name: string): string | undefined {
    const place = this.places.get(name);
    if (place === undefined) return undefined;
    const start = place + LENGTH_BYTES;
    return this.bytes.toString('latin1', start, start + this.bytes.readUInt16LE(place));
  }

  /** Whether there is room for a text once there is no other. */
  canTake({ length }: string): boolean {
    return length <= LONGEST && LENGTH_BYTES + length <= this.bytes.length;
  }

  /** @returns whether there was room. */
  add(name: string, text: string): boolean {
    const start = this.end + LENGTH_BYTES;
    if (start + text.length > this.bytes.length) return false;
    this.bytes.writeUInt16LE(text.length, this.end);
    this.bytes.write(text, start, 'latin1');
    this.places.set(name, this.end);
    this.end = start + text.length;
    return true;
  }

  clear(): void {
    this.places.clear();
    this.end = 0;
  }
}
