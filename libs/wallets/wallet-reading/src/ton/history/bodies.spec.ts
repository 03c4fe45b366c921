import { beginCell, type Builder, type Cell } from '@ton/core';
import { readBody } from './read-transactions';

const boc = (body: Builder): string => body.endCell().toBoc().toString('base64');
const word = (op: number): Builder => beginCell().storeUint(op, 32);
const comment = (text: string): string => boc(word(0).storeStringTail(text));
const transfer = (op: number): Builder => word(op).storeUint(1, 64).storeCoins(5).storeAddress(null);

/** Cells that each refer to the next one. */
function chainOf(count: number): Cell {
  return Array.from({ length: count - 1 }).reduce<Cell>(
    (inner) => beginCell().storeRef(inner).endCell(),
    beginCell().endCell(),
  );
}

describe('the body of a message', () => {
  it.each([
    ['words', 'words'],
    ['one\nline\u0000 \u202ereversed\u200b', 'one line reversed'],
    ['x'.repeat(1_024), 'x'.repeat(1_024)],
    ['x'.repeat(1_025), null],
    ['', null],
  ])('has a comment: %j', (text, expected) => {
    expect(readBody(comment(text), false)).toEqual({ kind: 'comment', comment: expected });
  });

  it.each<[string, Builder]>([
    ['no UTF-8', word(0).storeUint(0xff, 8)],
    ['half a byte', word(0).storeUint(1, 4)],
    [
      'more cells than a comment needs',
      Array.from({ length: 70 }).reduce<Builder>(
        (inner) => beginCell().storeRef(inner.endCell()),
        beginCell(),
      ),
    ],
  ])('has no comment of %s', (_, body) => {
    const text = body.bits >= 32 ? body : word(0).storeRef(body.endCell());
    expect(readBody(boc(text), false)).toEqual({ kind: 'comment', comment: null });
  });

  it('of a transfer has the comment of its payload, in the message or beside it', () => {
    const whole = () => transfer(0x0f8a7ea5).storeAddress(null).storeBit(false).storeCoins(0);
    const known = { kind: 'transfer', amount: 5n, to: null };
    const text = word(0).storeStringTail('a').endCell();

    expect(readBody(boc(whole().storeBit(true).storeRef(text)), false)).toEqual({ ...known, comment: 'a' });
    expect(readBody(boc(whole().storeBit(false).storeSlice(text.beginParse())), false)).toEqual({
      ...known,
      comment: 'a',
    });
    expect(readBody(boc(whole().storeBit(false)), false)).toEqual({ ...known, comment: null });
    expect(readBody(boc(whole()), false)).toEqual({ ...known, comment: null });
  });

  it.each<[string, unknown]>([
    ['nothing', null],
    ['no text', 7],
    ['no base64', '<html>'],
    ['a broken bag of cells', 'te6cckEBAQEA'],
    ['64 KiB and more', 'A'.repeat(65_540)],
    [
      'a transfer with 256 cells behind it',
      boc(transfer(0x178d4519).storeAddress(null).storeCoins(0).storeRef(chainOf(256))),
    ],
    ['an empty cell', boc(beginCell())],
    ['a word that is not known', boc(word(0x2167da4b))],
    ['half a transfer', boc(transfer(0x178d4519))],
    ['a transfer that came back as no such', boc(transfer(0x178d4519).storeAddress(null).storeCoins(0))],
  ])('is not read where it is %s', (what, body) => {
    expect(readBody(body, what.includes('came back'))).toEqual({ kind: 'other' });
  });
});
