import { plusSeconds } from '@countersign/runtime';
import { MemoryMarks } from './one-time-marks';

const NOW = new Date('2026-11-03T10:00:00.250Z');
const bounds = { perOwner: 3, inAll: 5 };

describe('MemoryMarks', () => {
  it('knows a mark until its seconds are over, to the millisecond, whoever shows it', () => {
    const marks = new MemoryMarks();
    const claim = (after: number, owner = 'o') => marks.claim('m', owner, 90, plusSeconds(NOW, after));

    expect([claim(0), claim(0), claim(1, 'other'), claim(89.999)]).toEqual([
      'new',
      'known',
      'known',
      'known',
    ]);
    expect([claim(90), claim(90)]).toEqual(['new', 'known']);
  });

  it('keeps marks of many lifetimes apart', () => {
    const marks = new MemoryMarks();
    const lifetimes = Array.from({ length: 120 }, (_, index) => index + 1);
    for (const seconds of lifetimes) marks.claim(`m${seconds}`, 'o', seconds, NOW);

    const later = plusSeconds(NOW, 60);
    const known = lifetimes.filter((seconds) => marks.claim(`m${seconds}`, 'o', 1, later) === 'known');
    expect(known).toEqual(lifetimes.filter((seconds) => seconds > 60));
  });

  it('has no more room for an owner with too many, and room for others', () => {
    const marks = new MemoryMarks(bounds);
    const claim = (mark: string, owner: string) => marks.claim(mark, owner, 60, NOW);

    expect(['a', 'b', 'c', 'd'].map((mark) => claim(mark, 'o'))).toEqual(['new', 'new', 'new', 'full']);
    expect(claim('d', 'other')).toBe('new');
  });

  it('has no more room for anybody when it is full, and still forgets none', () => {
    const marks = new MemoryMarks(bounds);
    const claim = (mark: string, owner: string) => marks.claim(mark, owner, 60, NOW);
    for (const index of [1, 2, 3, 4, 5]) claim(`m${index}`, `o${index}`);

    expect(claim('m6', 'o6')).toBe('full');
    expect([1, 2, 3, 4, 5].map((index) => claim(`m${index}`, `o${index}`))).toEqual(Array(5).fill('known'));
  });

  it('has room again after the marks have ended', () => {
    const marks = new MemoryMarks(bounds);
    for (const mark of ['a', 'b', 'c']) marks.claim(mark, 'o', 60, NOW);

    expect(marks.claim('d', 'o', 60, plusSeconds(NOW, 59))).toBe('full');
    expect(marks.claim('d', 'o', 60, plusSeconds(NOW, 80))).toBe('new');
  });
});
