import { randomUUID } from 'node:crypto';
import { MAX_EXAMINED } from '@countersign/audit';
import type { Page } from '@countersign/http';
import { aPerson, times } from '../factories';
import { anOperator, type Operator } from '../support/operator';
import { useFixture } from '../support/use-fixture';
import { useApplication, useTestApp } from '../support/use-test-app';

const DAY = 86_400;

interface Item {
  readonly occurredAt: string;
  readonly id: string;
  readonly action: string;
  readonly actor: string;
  readonly subject: string | null;
  readonly applicationId: string | null;
  readonly details: Readonly<Record<string, string>>;
  readonly requestId: string | null;
}

describe('the audit trail of the administration API', () => {
  const app = useTestApp();
  const demo = useApplication(app);
  const operator = useFixture<Operator>(() => anOperator(app), { per: 'test' });

  const read = async (query = '', reader: Operator = operator): Promise<Page<Item>> => {
    const answer = await reader.get(`/v1/admin/audit${query}`);
    if (answer.status !== 200) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body as Page<Item>;
  };

  /** All items of all pages, and how many there were on each. */
  async function readAll(query: string): Promise<{ items: readonly Item[]; sizes: readonly number[] }> {
    const items: Item[] = [];
    const sizes: number[] = [];
    let cursor: string | null = null;
    do {
      const page: Page<Item> = await read(`?${query}${cursor === null ? '' : `&cursor=${cursor}`}`);
      items.push(...page.items);
      sizes.push(page.items.length);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return { items, sizes };
  }

  const countOf = async (where: string): Promise<number> => {
    const [found] = await app.database.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM audit_records WHERE ${where}`,
    );
    return found?.count ?? 0;
  };

  it('lists records newest first, itself among them', async () => {
    await app.signIn(demo);

    const { items } = await read();

    expect(items[0]).toEqual({
      occurredAt: app.clock.now().toISOString(),
      id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      action: 'audit.read',
      actor: `principal:${operator.principalId}`,
      subject: null,
      applicationId: null,
      details: { filters: '' },
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    });
    const order = items.map(({ occurredAt, id }) => `${occurredAt} ${id}`);
    expect(order).toEqual(order.toSorted().toReversed());
  });

  it('reads every record once in pages, while others are added', async () => {
    for (let batch = 0; batch < 4; batch += 1) {
      await Promise.all(times(6, () => app.signIn(demo)));
      app.clock.advance(batch === 2 ? 3 * DAY : 1);
    }
    const reader = await anOperator(app);
    const known = await app.database.query<{ id: string }>(
      'SELECT id FROM audit_records ORDER BY occurred_at DESC, id DESC',
    );

    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      app.clock.advance(1);
      const page: Page<Item> = await read(`?limit=7${cursor === null ? '' : `&cursor=${cursor}`}`, reader);
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== null);

    // The first page has recorded itself.
    expect(seen.slice(1)).toEqual(known.map(({ id }) => id));
  });

  it('filters by action, actor, subject, application and time', async () => {
    const other = await app.createApplication();
    const person = aPerson();
    await app.signIn(other, person);
    app.clock.advance(1);
    const { sessionId } = await app.signIn(other, person);
    const [record] = (await read(`?subject=${sessionId}`)).items;

    expect(record).toMatchObject({ action: 'session.opened', applicationId: other.applicationId });
    expect(
      (await readAll(`applicationId=${other.applicationId.toUpperCase()}&limit=200`)).items,
    ).toHaveLength(await countOf(`application_id = '${other.applicationId}'`));
    expect((await readAll('action=session.opened&limit=3')).items).toHaveLength(
      await countOf(`action = 'session.opened'`),
    );
    expect((await read(`?actor=${record?.actor ?? ''}`)).items.map(({ actor }) => actor)).toEqual(
      times(await countOf(`actor = '${record?.actor ?? ''}'`), () => record?.actor),
    );
    expect((await read(`?actor=user:${randomUUID()}`)).items).toEqual([]);

    const now = app.clock.now();
    app.clock.advance(10);
    await app.signIn(demo);
    expect((await read(`?from=${now.toISOString()}&action=session.opened&limit=200`)).items.length).toBe(
      await countOf(`action = 'session.opened' AND occurred_at >= '${now.toISOString()}'`),
    );
    const before = await readAll(`before=${now.toISOString()}&limit=200`);
    expect(before.items).toHaveLength(await countOf(`occurred_at < '${now.toISOString()}'`));
    expect((await read(`?from=${now.toISOString()}&before=${now.toISOString()}`)).items).toEqual([]);
  });

  it('finds a person by pseudonym, sessions and identities, also by the id of a merged account', async () => {
    const person = aPerson();
    await app.signIn(demo, person);
    app.clock.advance(1);
    const { userId, sessionId } = await app.signIn(demo, person);
    await app.accounts.setStatus(userId, 'deactivated');

    const { items } = await readAll(`userId=${userId}&limit=200`);

    expect(new Set(items.map(({ action }) => action))).toEqual(
      new Set(['user.created', 'session.opened', 'user.status_changed', 'audit.read']),
    );
    expect(items.some(({ subject }) => subject === sessionId)).toBe(true);
    expect(JSON.stringify(items)).not.toContain(userId);
    const oldId = randomUUID();
    await app.database.query('INSERT INTO user_aliases (id, user_id, created_at) VALUES ($1, $2, now())', [
      oldId,
      userId,
    ]);
    const byOldId = await readAll(`userId=${oldId}&limit=200&before=${app.clock.now().toISOString()}`);
    const byId = await readAll(`userId=${userId}&limit=200&before=${app.clock.now().toISOString()}`);
    expect(byOldId.items).toEqual(byId.items);
    expect(await read(`?userId=${randomUUID()}`)).toEqual({ items: [], nextCursor: null });
  });

  it('ends a page early rather than to search the whole trail for a rare record', async () => {
    const old = new Date(app.clock.now().getTime() - 100_000);
    const rare = `principal:${randomUUID()}`;
    await app.signIn(demo);
    await app.database.query(
      `INSERT INTO audit_records (occurred_at, id, action, actor, details)
       SELECT $1::timestamptz + n * interval '1 millisecond', gen_random_uuid(), 'session.opened', 'user:x', '{}'
       FROM generate_series(1, $2::int) AS n`,
      [new Date(app.clock.now().getTime() - 80_000), MAX_EXAMINED + 1_000],
    );
    await app.database.query(
      `INSERT INTO audit_records (occurred_at, id, action, actor, details) VALUES ($1, $2, 'user.created', $3, '{}')`,
      [old, randomUUID(), rare],
    );

    const { items, sizes } = await readAll(`actor=${rare}`);

    expect(items).toHaveLength(1);
    expect(sizes[0]).toBe(0);
    expect(sizes.length).toBeGreaterThan(1);
  });
});
