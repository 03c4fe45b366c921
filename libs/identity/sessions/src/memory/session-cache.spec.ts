import type { Database, Notifications } from '@countersign/database';
import { Metrics } from '@countersign/observability';
import type { AccessSession, DoorName } from '../session';
import { SessionCache } from './session-cache';
import type { SessionsRepository } from '../store/sessions.repository';

const ID = '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11';
const NOW = new Date('2026-11-20T12:00:00Z');
const after = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1_000);

function aSession(overrides: Partial<AccessSession> = {}): AccessSession {
  return {
    id: ID,
    applicationId: ID,
    userId: ID,
    identityId: ID,
    assurance: 'platform',
    door: 'front-door' as DoorName,
    authenticatedAt: NOW,
    isOfAllowedBot: false,
    awaitsFirstUse: false,
    deviceKeyThumbprint: null,
    idleExpiresAt: after(30_000),
    expiresAt: after(90_000),
    accessExpiresAt: after(7_200),
    priorAccessDigest: null,
    priorAccessExpiresAt: null,
    accessIdleIn: 1_800,
    accessDigest: Buffer.alloc(32, 'current'),
    accessIdleExpiresAt: after(1_800),
    endReason: null,
    scopes: [],
    ...overrides,
  };
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
    new Metrics(),
  );
  const [subscriber] = subscriptions;
  if (!subscriber) throw new Error('it does not listen');
  return { cache, answers, subscriber };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('sessions in memory', () => {
  it('are trusted for fifteen seconds', async () => {
    const { cache, answers } = aCache();
    const loading = cache.load(ID);
    await turn();
    answers[0]?.(aSession());
    await loading;

    expect(cache.peek(ID, after(14.9))).toBeDefined();
    expect(cache.peek(ID, after(15))).toBeUndefined();
  });

  it('keep no pool of Node alive by a digest', async () => {
    const { cache, answers } = aCache();
    const loading = cache.load(ID);
    await turn();
    const digest = Buffer.from('66'.repeat(32), 'hex');
    answers[0]?.(aSession({ accessDigest: digest, priorAccessDigest: digest }));
    const session = (await loading)?.session;

    expect(session).toMatchObject({ accessDigest: digest, priorAccessDigest: digest });
    expect(session?.accessDigest.buffer.byteLength).toBe(32);
    expect(session?.priorAccessDigest?.buffer.byteLength).toBe(32);
  });
});
