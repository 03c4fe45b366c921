import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import digests from './digests.json';

/** Databases that have run a migration never run it again, so a change of it would reach new databases only. */
describe('migrations', () => {
  it('are not edited: a new one gets its line in digests.json, an old one never another', () => {
    const files = readdirSync(__dirname, { recursive: true, encoding: 'utf8' });
    const found = files
      .filter((file) => /^\d+.*\.ts$|\.sql\.ts$/.test(file))
      .map((file) => [
        file,
        createHash('sha256')
          .update(readFileSync(join(__dirname, file)))
          .digest('hex'),
      ]);

    expect(Object.fromEntries(found)).toEqual(digests);
  });
});
