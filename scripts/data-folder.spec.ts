import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const { assertOwn } = jest.requireActual<{ assertOwn(folder: string, uid?: number): void }>(
  './lib/data-folder.mjs',
);

describe('a data folder by default', () => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-data-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([
    ['is used by who made it', folder, undefined],
    ['need not be there', join(folder, 'none'), 4_711],
  ])('%s', (_, path, uid) => expect(() => assertOwn(path, uid)).not.toThrow());

  it('is not used by others: its database and keys would be theirs', () =>
    expect(() => assertOwn(folder, 4_711)).toThrow('was made by another user'));
});
