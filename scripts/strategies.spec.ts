import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const ROOT = join(__dirname, '..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const files = execFileSync('git', ['ls-files', 'libs'], { cwd: ROOT, encoding: 'utf8' }).split('\n');
const strategies = files
  .filter((file) => file.endsWith('.strategy.ts'))
  .map((file) => [basename(file, '.strategy.ts'), read(file)] as const);
const guarded = files
  .filter((file) => /\.(?:controllers?|module)\.ts$/.test(file))
  .flatMap((file) => [...read(file).matchAll(/AuthGuard\('([\w-]+)'\)/g)].map(([, name]) => name));

describe('Passport strategies', () => {
  it.each(strategies)('%s has the name of its file, and no state', (name, text) => {
    expect(text).toContain(
      `extends PassportStrategy(Strategy, '${name}') {\n  validate(request: FastifyRequest`,
    );
    expect(text).not.toMatch(/constructor|private|readonly|\bthis\b/);
  });

  it('are those that routes name', () => {
    expect([...new Set(guarded)].sort()).toEqual(strategies.map(([name]) => name).sort());
  });
});
