import { compareMarks } from './ledger-comparison';

const lineage = '0199a3c6-7f2d-74c1-b1a5-6f9f0e3d2c10';
const other = '0199a3c6-7f2d-74c1-b1a5-6f9f0e3d2c11';
const database = (mark: number, nextMark = mark) => ({ lineage, mark, nextMark });

describe('a database and its ledger', () => {
  it.each([
    ['both are new', null, null, 'new'],
    ['both have the same mark', database(7), { lineage, mark: 7 }, 'same'],
    ['a process ended before it wrote to the ledger', database(7, 8), { lineage, mark: 7 }, 'same'],
    ['a process ended after it wrote to the ledger', database(7, 8), { lineage, mark: 8 }, 'same'],
    ['the database is of an older backup', database(7), { lineage, mark: 8 }, 'restored'],
    ['it is of a backup from between both writes', database(7, 8), { lineage, mark: 9 }, 'restored'],
    ['it is of a backup from before the first mark', null, { lineage, mark: 1 }, 'restored'],
    ['the ledger is older', database(7), { lineage, mark: 6 }, 'lost'],
    ['the ledger is gone', database(7), null, 'lost'],
    ['a process ended before the first mark was written', database(0, 1), null, 'new'],
    ['the ledger is of another installation', database(7), { lineage: other, mark: 7 }, 'foreign'],
  ] as const)('%s', (_, ours, theirs, state) => {
    expect(compareMarks(ours, theirs)).toBe(state);
  });
});
