import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import digests from './digests.json';

/** Databases that have run a migration never run it again, so a change of it would reach new databases only. */
describe('migrations', () => {
  it('are not edited: a new one gets its line in digests.json, an old one never another', () => {
    const files = readdirSync(__dirname).filter((file) => /^\d+.*\.ts$/.test(file));
    const found = files.map((file) => {
      const text = readFileSync(join(__dirname, file));
      return [file, createHash('sha256').update(text).digest('hex')];
    });

    expect(Object.fromEntries(found)).toEqual(digests);
  });
});
