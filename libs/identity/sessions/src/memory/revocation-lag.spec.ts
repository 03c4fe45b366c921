import type { Notifications } from '@countersign/database';
import { Metrics } from '@countersign/runtime';
import { RevocationLag } from './session-cache';

const NOW = new Date('2026-11-20T12:00:00Z');
const sentAt = NOW.getTime() - 20;

/** What the metrics say of one notification. */
async function heard(payload: string): Promise<readonly string[]> {
  const metrics = new Metrics();
  const listeners: ((payload: string) => void)[] = [];
  const notifications = {
    subscribe: (_: string, { onMessage }: { onMessage(payload: string): void }) => listeners.push(onMessage),
  };
  const measure = new RevocationLag(notifications as unknown as Notifications, { now: () => NOW }, metrics);
  expect(measure).toBeDefined();
  for (const listener of listeners) listener(payload);
  const lines = (await metrics.expose()).split('\n');
  return lines.filter((line) =>
    /^countersign_(sessions_ended_total|revocation_lag_seconds_count)/.test(line),
  );
}

describe('a notification of revoked sessions', () => {
  it('counts them by the reason why they ended', async () => {
    expect(await heard(`@${sentAt}:logout,a,b`)).toEqual([
      'countersign_sessions_ended_total{reason="logout"} 2',
      'countersign_revocation_lag_seconds_count 1',
    ]);
  });

  it.each(['pushed-out', 'pushed_out', 'pushed2', 'logout:all'])(
    'counts them as others where only a later version knows the reason: %s',
    async (reason) => {
      expect(await heard(`@${sentAt}:${reason},a,b`)).toEqual([
        'countersign_sessions_ended_total{reason="other"} 2',
        'countersign_revocation_lag_seconds_count 1',
      ]);
    },
  );

  it('counts none where only their tokens were replaced', async () => {
    expect(await heard(`@${sentAt},a,b`)).toEqual(['countersign_revocation_lag_seconds_count 1']);
  });

  it('of a version before says nothing of the time', async () => {
    expect(await heard('a,b')).toEqual(['countersign_revocation_lag_seconds_count 0']);
  });
});
