import type { RefusedRequest } from '@countersign/observability';
import { OTHERS, RefusalTable } from './refusal-table';

const NOW = new Date('2026-11-02T09:30:20.000Z');
const LATER = new Date('2026-11-02T09:31:00.000Z');

function aRefusal(differing: Partial<RefusedRequest> = {}): RefusedRequest {
  return {
    requestId: 'r',
    route: '/v1/auth/refresh',
    door: null,
    code: 'session.token_invalid',
    status: 401,
    applicationId: null,
    userId: null,
    principalId: null,
    takesCredentials: true,
    ...differing,
  };
}

describe('the table of refusals', () => {
  it('counts by application, route, code, caller and minute', () => {
    const table = new RefusalTable(10);
    const differing: Partial<RefusedRequest>[] = [
      {},
      { applicationId: 'a' },
      { route: '/v1/me' },
      { code: 'session.ended' },
      { userId: 'u' },
      { principalId: 'u' },
    ];
    for (const each of [...differing, ...differing]) table.add(aRefusal(each), NOW);
    table.add(aRefusal({ requestId: 'another' }), LATER);

    expect(table.take(LATER, false).map(({ count }) => count)).toEqual([2, 2, 2, 2, 2, 2]);
    expect(table.take(LATER, false)).toEqual([]);
    expect(table.take(LATER, true)).toEqual([
      expect.objectContaining({ minute: LATER, code: 'session.token_invalid', count: 1 }),
    ]);
  });

  it('does not grow with the kinds of refusals, and loses none', () => {
    const table = new RefusalTable(100);
    for (let index = 0; index < 10_000; index += 1) table.add(aRefusal({ code: `x.${index}` }), NOW);

    const counted = table.take(NOW, true);

    expect(counted).toHaveLength(201);
    expect(counted.reduce((sum, { count }) => sum + count, 0)).toBe(10_000);
    expect(counted.at(-1)).toMatchObject({ route: OTHERS, code: OTHERS, count: 9_800 });
  });

  it('tells what was refused where beside a flood of callers and applications', () => {
    const table = new RefusalTable(100);
    for (let index = 0; index < 10_000; index += 1) table.add(aRefusal({ applicationId: `${index}` }), NOW);
    table.add(aRefusal({ route: '/v1/admin/token', code: 'principal.invalid_client' }), NOW);

    const counted = table.take(NOW, true);

    expect(counted).toHaveLength(102);
    expect(counted.slice(100)).toEqual([
      expect.objectContaining({ route: '/v1/auth/refresh', applicationId: null, count: 9_900 }),
      expect.objectContaining({ route: '/v1/admin/token', code: 'principal.invalid_client', count: 1 }),
    ]);
  });

  it('adds what could not be written to what came since', () => {
    const table = new RefusalTable(10);
    table.add(aRefusal(), NOW);
    const taken = table.take(NOW, true);
    table.add(aRefusal(), NOW);

    table.giveBack(taken);

    expect(table.take(NOW, true).map(({ count }) => count)).toEqual([2]);
  });

  it('does not grow with what could not be written, and loses none', () => {
    const table = new RefusalTable(100);
    for (let round = 0; round < 20; round += 1) {
      const taken = table.take(NOW, true);
      for (let index = 0; index < 100; index += 1) table.add(aRefusal({ code: `${round}.${index}` }), NOW);
      table.giveBack(taken);
    }

    const counted = table.take(NOW, true);
    expect(counted).toHaveLength(201);
    expect(counted.reduce((sum, { count }) => sum + count, 0)).toBe(2_000);
  });
});
