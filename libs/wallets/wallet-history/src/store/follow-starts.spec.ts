import { HOUR } from '@countersign/clock';
import { FollowStarts } from './follow-starts';

const NOW = 1_800_000_000_000;
const linked: Readonly<Record<string, number>> = {
  old: NOW - 3 * HOUR,
  recent: NOW - HOUR / 2,
  late: NOW - HOUR / 2 - 1,
  new: NOW - 1,
  newer: NOW,
  ahead: NOW + 1,
};
const linkedAtOf = (walletId: string): number => linked[walletId] ?? 0;
const wanted = { fromBlock: 100, areAll: false, now: NOW, needsRows: false };

describe('wallets that are new to a chain', () => {
  it('share one start, without rows of their own', () => {
    const starts = new FollowStarts(new Map(), []);

    const newWallets = starts.newWallets(['old', 'new'], linkedAtOf, wanted);
    starts.add(newWallets);

    expect(newWallets).toEqual({
      rows: new Map(),
      start: { linkedUntil: new Date(NOW - 1), fromBlock: 100 },
    });
    expect(starts.of('old', linkedAtOf('old'))).toBe(100);
    expect(starts.of('new', linkedAtOf('new'))).toBe(100);
    expect(starts.of('newer', linkedAtOf('newer'))).toBeNull();
  });

  it('belong to the first start after their link', () => {
    const starts = new FollowStarts(new Map([['late', 95]]), [
      { linkedUntil: new Date(linkedAtOf('old')), fromBlock: 80 },
      { linkedUntil: new Date(linkedAtOf('recent')), fromBlock: 90 },
    ]);

    expect(['old', 'recent', 'late', 'new'].map((each) => starts.of(each, linkedAtOf(each)))).toEqual([
      ...[80, 90, 95, null],
    ]);
  });

  it('have rows where the instant of the link does not tell what was read for them', () => {
    const starts = new FollowStarts(new Map(), [
      { linkedUntil: new Date(linkedAtOf('recent')), fromBlock: 90 },
    ]);

    const { rows, start } = starts.newWallets(['late', 'ahead', 'newer'], linkedAtOf, wanted);

    expect([...rows]).toEqual([
      ['late', 100],
      ['ahead', 100],
    ]);
    expect(start).toEqual({ linkedUntil: new Date(NOW), fromBlock: 100 });
  });

  it('are those of the last hour where another replica may have known them, or not', () => {
    const known = [{ linkedUntil: new Date(linkedAtOf('recent')), fromBlock: 90 }];
    const starts = new FollowStarts(new Map(), known);

    const { rows, start } = starts.newWallets(['old', 'late'], linkedAtOf, { ...wanted, areAll: true });

    expect([[...rows], start]).toEqual([[['late', 100]], null]);
  });

  it('all have rows where earlier blocks are searched, from the block on from which they are followed', () => {
    const known = [{ linkedUntil: new Date(linkedAtOf('recent')), fromBlock: 90 }];
    const starts = new FollowStarts(new Map(), known);

    const { rows, start } = starts.newWallets(['old', 'new'], linkedAtOf, {
      ...wanted,
      ...{ areAll: true, needsRows: true },
    });

    expect([[...rows], start]).toEqual([
      [
        ['old', 90],
        ['new', 100],
      ],
      null,
    ]);
  });
});
