import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { removeScratch, scratchFolder } from '../../testing/scratch';
import { isInReach, mayUse } from './server-account';

const us = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
const stranger = { uid: 64_001, gid: 64_001 };
const groupMate = { uid: 64_001, gid: us.gid };

afterAll(removeScratch);

describe('isInReach', () => {
  it.each([
    [0o711, { groupMate: true, stranger: true }],
    [0o710, { groupMate: true, stranger: false }],
    [0o701, { groupMate: false, stranger: true }],
    [0o700, { groupMate: false, stranger: false }],
  ])('goes by what a parent of mode %o allows: %j', (mode, expected) => {
    const parent = join(scratchFolder(), 'parent');
    const inner = join(parent, 'inner');
    mkdirSync(inner, { recursive: true });
    chmodSync(parent, mode);

    expect(isInReach(us, inner)).toBe(true);
    expect({ groupMate: isInReach(groupMate, inner), stranger: isInReach(stranger, inner) }).toEqual(
      expected,
    );
  });
});

describe('mayUse', () => {
  it.each([
    [0o755, true],
    [0o711, false],
    [0o700, false],
  ])('a program of mode %o is of use to a stranger: %s', (mode, expected) => {
    const folder = scratchFolder();
    writeFileSync(join(folder, 'program'), '');
    chmodSync(join(folder, 'program'), mode);

    expect(mayUse(stranger, folder, ['program'])).toBe(expected);
  });
});
