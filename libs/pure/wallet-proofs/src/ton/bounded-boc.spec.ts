import { beginCell, Cell } from '@ton/core';
import { MAX_BOC_BYTES, readBoundedBoc } from './bounded-boc';

const cell = beginCell().storeUint(5, 8).storeRef(beginCell().storeUint(1, 9).endCell()).endCell();
const boc = cell.toBoc({ idx: false, crc32: false });

/** Cells under each other: each has two references to the next, so a tree of them has 2^depth leaves. */
function doubled(depth: number): Cell {
  let inner = Cell.EMPTY;
  for (let at = 0; at < depth; at++) inner = beginCell().storeRef(inner).storeRef(inner).endCell();
  return inner;
}

function chain(count: number, bits: number): Cell {
  let inner = Cell.EMPTY;
  for (let at = 1; at < count; at++) inner = beginCell().storeUint(at, bits).storeRef(inner).endCell();
  return inner;
}

interface Form {
  /** Bytes of each count, and of each index of a cell. */
  readonly size: number;
  /** Bytes of the size of all cells. */
  readonly offsetSize: number;
}

/** The bag of an empty cell. */
function bagOf({ size, offsetSize }: Form): Buffer {
  const numbers = [...[1, 1, 0].map((count) => bigEndian(count, size)), bigEndian(2, offsetSize)];
  return Buffer.concat([
    Buffer.from('b5ee9c72', 'hex'),
    Buffer.from([size, offsetSize]),
    ...numbers,
    bigEndian(0, size),
    Buffer.alloc(2),
  ]);
}

function bigEndian(value: number, bytes: number): Buffer {
  return Buffer.from(value.toString(16).padStart(2 * bytes, '0'), 'hex');
}

function withByte(place: number, byte: number): Buffer {
  const copy = Buffer.from(boc);
  copy[place] = byte;
  return copy;
}

describe('readBoundedBoc', () => {
  it.each([
    ['plain', { idx: false, crc32: false }],
    ['with an index', { idx: true, crc32: false }],
    ['with a checksum', { idx: false, crc32: true }],
    ['with both', { idx: true, crc32: true }],
  ])('reads a bag that is %s', (_, options) => {
    expect(readBoundedBoc(cell.toBoc(options))?.hash()).toEqual(cell.hash());
  });

  it('reads a bag with an index of several bytes for each cell', () => {
    const large = chain(10, 250);
    const bytes = large.toBoc({ idx: true, crc32: false });

    expect(bytes.readUInt8(5)).toBe(2);
    expect(readBoundedBoc(bytes)?.hash()).toEqual(large.hash());
  });

  it('reads a cell alone, by counts of one to four bytes', () => {
    const places = [1, 2, 3, 4];
    const forms = places.flatMap((size) => places.map((offsetSize) => ({ size, offsetSize })));

    expect(bagOf({ size: 1, offsetSize: 1 })).toEqual(Cell.EMPTY.toBoc({ idx: false, crc32: false }));
    for (const form of forms) expect(readBoundedBoc(bagOf(form))?.hash()).toEqual(Cell.EMPTY.hash());
  });

  it.each([5, 6])('refuses counts of %i bytes, which the format has not', (size) => {
    expect(readBoundedBoc(bagOf({ size, offsetSize: 1 }))).toBeNull();
    expect(readBoundedBoc(bagOf({ size: 1, offsetSize: size }))).toBeNull();
  });

  it('refuses each beginning of a bag, by counts of four bytes too', () => {
    const whole = bagOf({ size: 4, offsetSize: 4 });

    for (let length = 0; length < whole.length; length++)
      expect(readBoundedBoc(whole.subarray(0, length))).toBeNull();
  });

  it('refuses the older form, which says nothing of its root', () => {
    const older = Buffer.from('68ff65f3' + '0101' + '010100' + '02' + '02' + '0000', 'hex');

    expect(Cell.fromBoc(older).map((root) => root.hash())).toEqual([Cell.EMPTY.hash()]);
    expect(readBoundedBoc(older)).toBeNull();
  });

  it('bounds the number of cells, not the size of the tree that they make', () => {
    expect(readBoundedBoc(doubled(60).toBoc())?.hash()).toEqual(doubled(60).hash());
    expect(readBoundedBoc(chain(64, 16).toBoc())).not.toBeNull();
    expect(readBoundedBoc(chain(65, 16).toBoc())).toBeNull();
  });

  it('bounds the bytes', () => {
    const of = (bytes: number) => {
      let inner = Cell.EMPTY;
      for (let left = bytes; left > 0; left -= 125) {
        inner = beginCell()
          .storeBuffer(Buffer.alloc(Math.min(left, 125), left & 255))
          .storeRef(inner)
          .endCell();
      }
      return inner.toBoc();
    };
    const rest = 3990 + MAX_BOC_BYTES - of(3990).length;

    expect(of(rest)).toHaveLength(MAX_BOC_BYTES);
    expect(readBoundedBoc(of(rest))).not.toBeNull();
    expect(readBoundedBoc(of(rest + 1))).toBeNull();
    expect(readBoundedBoc(Buffer.concat([boc, Buffer.alloc(MAX_BOC_BYTES)]))).toBeNull();
    expect(readBoundedBoc(Buffer.alloc(50_000_000, boc))).toBeNull();
  });

  it.each([
    ['a byte more', Buffer.concat([boc, Buffer.alloc(1)])],
    ['another magic', withByte(0, 0xb4)],
    ['the magic of an older form', Buffer.from('68ff65f3', 'hex')],
    ['reserved flags', withByte(4, 0x09)],
    ['a size of zero', withByte(4, 0x00)],
    ['a size of seven', withByte(4, 0x07)],
    ['an offset size of zero', withByte(5, 0)],
    ['an offset size of 255', withByte(5, 255)],
    ['no cells', withByte(6, 0)],
    ['more cells than there are', withByte(6, 3)],
    ['fewer cells than there are', withByte(6, 1)],
    ['no root', withByte(7, 0)],
    ['two roots', withByte(7, 2)],
    ['absent cells', withByte(8, 1)],
    ['a wrong size of data', withByte(9, 1)],
    ['a root that is not there', withByte(10, 9)],
    ['a checksum that is wrong', Buffer.concat([cell.toBoc().subarray(0, -1), Buffer.alloc(1, 0x55)])],
  ])('refuses %s', (_, bytes) => {
    expect(readBoundedBoc(bytes)).toBeNull();
  });

  it('takes no pruned cell, below the root or as it: it bears the hash of a cell that is not there', () => {
    const pruned = beginCell()
      .storeUint(1, 8)
      .storeUint(1, 8)
      .storeBuffer(cell.hash())
      .storeUint(cell.depth(), 16)
      .endCell({ exotic: true });
    const root = beginCell().storeRef(pruned).endCell();

    expect(pruned.hash(0)).toEqual(cell.hash());
    expect(readBoundedBoc(root.toBoc())).toBeNull();
    expect(readBoundedBoc(pruned.toBoc())).toBeNull();
  });

  it('takes no cell that refers to itself, or back', () => {
    const own = Buffer.from('b5ee9c72010101010003000100' + '00', 'hex');

    expect(readBoundedBoc(own)).toBeNull();
  });

  it('does not read a bag of four-byte counts as a small one', () => {
    const huge = Buffer.from(`b5ee9c720404${'ffffffff'.repeat(3)}ffffffff${'00'.repeat(16)}`, 'hex');

    expect(readBoundedBoc(huge)).toBeNull();
  });
});
