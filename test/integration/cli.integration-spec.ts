import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useCountersign } from '../support/run-countersign';
import { useTestApp } from '../support/use-test-app';

describe('countersign', () => {
  const app = useTestApp();

  const countersign = useCountersign(app);

  it('makes a key ring that is for its owner only and overwrites nothing', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'countersign-keys-'));
    const file = join(folder, 'keys.json');
    await countersign.run(`keys generate --out ${file}`);
    const made = await readFile(file, 'utf8');

    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await countersign.failure(`keys generate --out ${file}`)).toContain('not overwritten');
    expect(await readFile(file, 'utf8')).toBe(made);
    expect(Object.keys(JSON.parse((await countersign.run('keys generate')).output) as object)).toEqual([
      'version',
      'sealing',
      'index',
      'token',
    ]);
    await rm(folder, { recursive: true });
  });
});
