import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sealedColumnsIn } from '../support/declared-columns';
import { useTestApp } from '../support/use-test-app';

describe('declared columns', () => {
  const app = useTestApp();

  it('hold text or bytes when they are sealed', async () => {
    const columns = await app.database.query<{ name: string; type: string }>(
      `SELECT table_name || '.' || column_name AS name, data_type AS type
       FROM information_schema.columns WHERE table_schema = 'public'`,
    );
    const typeOf = new Map(columns.map(({ name, type }) => [name, type]));
    const { personal, secret } = sealedColumnsIn(app);

    const types = [...personal, ...secret].map((name) => typeOf.get(name));

    expect(types.length).toBeGreaterThan(10);
    expect(new Set(types)).toEqual(new Set(['text', 'bytea']));
  });

  it('are the rows of docs/privacy.md', () => {
    const page = readFileSync(join(__dirname, '../../docs/privacy.md'), 'utf8');
    const { personal, copied } = sealedColumnsIn(app);

    const named = [...page.matchAll(/^\|.*?\| `(\w+\.\w+)` +\|/gm)].map(([, name]) => name);

    expect(named.toSorted()).toEqual([...personal, ...copied].toSorted());
  });
});
