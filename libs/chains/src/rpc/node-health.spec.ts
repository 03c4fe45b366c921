import { SECOND } from '@countersign/clock';
import { NodeError } from '../node-error';
import { NodeHealth } from './node-health';

describe('a node that wants fewer requests', () => {
  it.each([
    ['as long as it asks for', 30 * SECOND, 30 * SECOND],
    ['five minutes at most', 86_400 * SECOND, 300 * SECOND],
  ])('is paused for %s', (_, retryAfterMs, pauseMs) => {
    let now = 0;
    const health = new NodeHealth(
      () => new Date(0),
      () => now,
    );

    health.failed(new NodeError('limited', { reason: 'status_429', retryAfterMs }));

    expect(health.pauseMs).toBe(pauseMs);
    now = pauseMs - 1;
    expect(health.isPaused).toBe(true);
    now = pauseMs;
    expect(health.isPaused).toBe(false);
  });
});
