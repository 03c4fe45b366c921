import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SEED_CANONICAL, SEED_HMAC } from '../testing/seed';
import { rapidpaceRefusals } from './rapidpace-refusals';

const page = readFileSync(join(__dirname, '../../../../docs/rapidpace.md'), 'utf8');

describe('rapidpaceRefusals', () => {
  it("stand beside the document's worked example", () => {
    expect(page).toContain(`\n${SEED_CANONICAL}\n${SEED_HMAC}\n`);
  });

  it.each(Object.entries(rapidpaceRefusals))('%s says what to do', (_, { title, remedy }) => {
    expect(title).toMatch(/^[A-Z].*[^.]$/);
    expect(remedy).toMatch(/^[A-Z].*\.$/);
  });
});
