import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');

/** In Node itself: the lists are ES modules, and half of the specs that they name are integration specs. */
const CHECK = `
  import { checkList } from './scripts/lib/mutants/mutant.mjs';
  import { mutants } from './test/mutants/mutants.mjs';
  checkList(mutants, '.');
`;

describe('test/mutants', () => {
  it('names places and specs that exist', () => {
    const check = () =>
      execFileSync(process.execPath, ['--input-type=module', '--eval', CHECK], { cwd: ROOT, stdio: 'pipe' });

    expect(check).not.toThrow();
  });
});
