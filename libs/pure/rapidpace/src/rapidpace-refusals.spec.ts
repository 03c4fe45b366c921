import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SEED_CANONICAL, SEED_HMAC } from '../testing/seed';
import { rapidpaceRefusals } from './rapidpace-refusals';

const STATUS = { malformed: 400, unauthenticated: 401 };

const page = readFileSync(join(__dirname, '../../../../docs/rapidpace.md'), 'utf8');
const rows = [...page.matchAll(/^\| `(rapidpace\.[a-z_]+)`\s*\| (\d{3})\s*\| (.+?)\s*\| (.+?)\s*\|$/gm)];

describe('rapidpaceRefusals', () => {
  it('are all explained on the page for integrators, with their status', () => {
    const explained = rows.map(([, code, status]) => `${code ?? ''} ${status ?? ''}`);
    const defined = Object.entries(rapidpaceRefusals).map(([code, { kind }]) => `${code} ${STATUS[kind]}`);

    expect(explained.sort()).toEqual(defined.sort());
  });

  it("stand beside the document's worked example", () => {
    expect(page).toContain(`\n${SEED_CANONICAL}\n${SEED_HMAC}\n`);
  });

  it.each(Object.entries(rapidpaceRefusals))('%s says what to do', (_, { title, remedy }) => {
    expect(title).toMatch(/^[A-Z].*[^.]$/);
    expect(remedy).toMatch(/^[A-Z].*\.$/);
  });
});
