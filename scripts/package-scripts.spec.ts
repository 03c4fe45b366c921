import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..');
const { scripts, bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
  bin: Record<string, string>;
};

describe('the scripts of package.json', () => {
  it.each(Object.entries(scripts))('have nothing that only one shell knows: %s', (_, command) => {
    expect(command).toMatch(/^(exec )?[\w-]+( [\w./-]+)*$/);
    const [, file] = /^(?:exec )?node (\S+)/.exec(command) ?? [];
    if (file !== undefined) expect(existsSync(join(root, file))).toBe(true);
  });

  it('begin with `exec` where a signal to npm has to reach node, which cmd.exe finds as a file', () => {
    expect(scripts['start']).toMatch(/^exec /);
    expect(readFileSync(join(root, 'exec.cmd'), 'utf8')).toMatch(/^@%\*$/m);
  });
});

describe('the command countersign', () => {
  it('can be run as it is', () => {
    const file = join(root, bin['countersign'] ?? '');

    expect(statSync(file).mode & 0o111).toBe(0o111);
    expect(readFileSync(file, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
  });
});
