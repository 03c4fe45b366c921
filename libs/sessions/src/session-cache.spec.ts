import type { Configuration } from '@countersign/config';
import type { Database, Notifications } from '@countersign/database';
import { Metrics } from '@countersign/observability';
import type { AccessSession } from './session';
import { SessionCache } from './session-cache';
import type { SessionsRepository } from './sessions.repository';

const NOW = new Date('2026-11-20T12:00:00Z');
const after = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1_000);

function aSession(overrides: Partial<AccessSession> = {}): AccessSession {
  return {
    id: 's1',
    accessDigest: Buffer.from('current'),
    accessIdleExpiresAt: after(1_800),
    endReason: null,
    scopes: [],
    ...overrides,
  } as AccessSession;
}

/** A cache whose reads of the row are answered by hand. */
function aCache(): {
  cache: SessionCache;
  answers: ((session: AccessSession | null) => void)[];
  subscriber: { onMessage(payload: string): void; onGap(): void };
} {
  const answers: ((session: AccessSession | null) => void)[] = [];
  const subscriptions: { onMessage(payload: string): void; onGap(): void }[] = [];
  const repository = { findForAccess: () => new Promise((resolve) => answers.push(resolve)) };
  const cache = new SessionCache(
    { read: (work: (manager: unknown) => unknown) => work(null) } as unknown as Database,
    repository as unknown as SessionsRepository,
    {
      isLive: true,
      subscribe: (_: string, it: (typeof subscriptions)[0]) => subscriptions.push(it),
    } as unknown as Notifications,
    { now: () => NOW },
    { sessionCacheEntries: 100, sessionCacheMebibytes: 1 } as Configuration,
    new Metrics(),
  );
  const [subscriber] = subscriptions;
  if (!subscriber) throw new Error('it does not listen');
  return { cache, answers, subscriber };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('sessions in memory', () => {
  it.each([
    [
      'a revocation',
      ({ onMessage }: { onMessage(payload: string): void }) => {
        onMessage('s0,s1');
      },
    ],
    [
      'a gap',
      ({ onGap }: { onGap(): void }) => {
        onGap();
      },
    ],
  ])('are read again when %s is heard of while the row is on its way', async (_, happen) => {
    const { cache, answers, subscriber } = aCache();
    const loading = cache.load('s1');
    await turn();
    happen(subscriber);

    answers[0]?.(aSession());
    await turn();
    expect(answers).toHaveLength(2);
    expect(cache.peek('s1', NOW)).toBeUndefined();
    answers[1]?.(aSession({ endReason: 'logout' }));

    expect((await loading)?.session.endReason).toBe('logout');
    expect(cache.peek('s1', NOW)?.session.endReason).toBe('logout');
  });

  it('share a read between simultaneous calls', async () => {
    const { cache, answers } = aCache();
    const loads = [cache.load('s1'), cache.load('s1'), cache.load('s1')];
    await turn();
    answers[0]?.(aSession());

    await Promise.all(loads);
    expect(answers).toHaveLength(1);
  });

  it.each([
    ['keep a deadline that the row does not know yet', {}, 3_000],
    ['forget it when the row has another token', { accessDigest: Buffer.from('newer') }, 1_800],
    ['forget it when the row had run out before the use', { accessIdleExpiresAt: after(50) }, 50],
  ])('%s', async (_, row, deadline) => {
    const { cache, answers } = aCache();
    const first = cache.load('s1');
    await turn();
    answers[0]?.(aSession());
    const cached = await first;
    if (!cached) throw new Error('no session');
    Object.assign(cached, { idleDeadline: after(3_000), usedAt: after(100) });

    const second = cache.load('s1');
    await turn();
    answers[1]?.(aSession(row));

    expect((await second)?.idleDeadline).toEqual(after(deadline));
  });

  it('are trusted for fifteen seconds', async () => {
    const { cache, answers } = aCache();
    const loading = cache.load('s1');
    await turn();
    answers[0]?.(aSession());
    await loading;

    expect(cache.peek('s1', after(14.9))).toBeDefined();
    expect(cache.peek('s1', after(15))).toBeUndefined();
  });
});
