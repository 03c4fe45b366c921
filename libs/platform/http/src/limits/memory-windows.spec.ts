import { plusSeconds } from '@countersign/runtime';
import type { LimitRule } from './limit-rule';
import { MemoryWindows } from './rate-limits';

const NOW = new Date('2026-11-03T10:00:00.250Z');
const rule: LimitRule = { name: 'test', limit: 3, window: 60 };

describe('MemoryWindows', () => {
  it('allows as many as the limit, and says how long the window that the first began still runs', () => {
    const windows = new MemoryWindows();
    const counts = [0, 10, 20, 59.9].map((after) => windows.consume('a', rule, plusSeconds(NOW, after)));

    expect(counts).toEqual([
      { isAllowed: true, endsIn: 60_000 },
      { isAllowed: true, endsIn: 50_000 },
      { isAllowed: true, endsIn: 40_000 },
      { isAllowed: false, endsIn: 100 },
    ]);
  });

  it('begins anew when the window has ended, however often it was refused', () => {
    const windows = new MemoryWindows();
    for (let index = 0; index < 50; index++) windows.consume('a', rule, plusSeconds(NOW, 30));

    expect(windows.consume('a', rule, plusSeconds(NOW, 89))).toMatchObject({ isAllowed: false });
    expect(windows.consume('a', rule, plusSeconds(NOW, 90))).toEqual({
      isAllowed: true,
      endsIn: 60_000,
    });
  });

  it('peeks without counting, and says what the next call would hear', () => {
    const windows = new MemoryWindows();
    const peek = () => windows.peek('a', rule, NOW);

    expect([peek(), peek()]).toEqual(Array(2).fill({ isAllowed: true, endsIn: 60_000 }));
    for (let index = 0; index < 3; index++) windows.consume('a', rule, NOW);
    expect(peek()).toEqual(windows.consume('a', rule, NOW));
    expect(peek().isAllowed).toBe(false);
  });

  it('allows nothing at a limit of zero', () => {
    expect(new MemoryWindows().consume('a', { ...rule, limit: 0 }, NOW).isAllowed).toBe(false);
  });

  it('keeps the windows that are asked for when it overflows, and all of other rules', () => {
    const windows = new MemoryWindows(100);
    const other = { ...rule, name: 'other' };
    windows.consume('quiet', other, NOW);
    for (const id of ['busy', 'quiet']) windows.consume(id, rule, NOW);
    for (let index = 0; index < 10_000; index++) {
      windows.consume(`flood-${index}`, rule, NOW);
      windows.peek('busy', rule, NOW);
    }

    // With a limit of one, a call that was counted is refused.
    const isKept = (id: string, of = rule) => !windows.peek(id, { ...of, limit: 1 }, NOW).isAllowed;
    expect([isKept('busy'), isKept('quiet'), isKept('quiet', other)]).toEqual([true, false, true]);
    expect(
      Array.from({ length: 10_000 }, (_, index) => isKept(`flood-${index}`)).filter(Boolean),
    ).toHaveLength(99);
  });
});
