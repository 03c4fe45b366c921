import { SECOND } from '@countersign/runtime';
import { NodeError } from '../node-error';
import { NodeHealth } from './chain-service';

describe('a node that wants fewer requests', () => {
  it.each([
    ['as long as it asks for', 30 * SECOND, 30 * SECOND],
    ['five minutes at most', 86_400 * SECOND, 300 * SECOND],
  ])('is paused for %s', (_, retryAfterMs, pauseMs) => {
    let now = 0;
    const health = new NodeHealth(() => now);

    health.failed(new NodeError('limited', { reason: 'status_429', retryAfterMs }));

    expect(health.pauseMs).toBe(pauseMs);
    now = pauseMs - 1;
    expect(health.isPaused).toBe(true);
    now = pauseMs;
    expect(health.isPaused).toBe(false);
  });
});

describe('a node that does not answer', () => {
  it('is paused for about half a minute at most, however often it fails', () => {
    const health = new NodeHealth(() => 0);

    for (let failures = 0; failures < 20; failures += 1)
      health.failed(new NodeError('away', { reason: 'econnrefused' }));

    // A quarter more or less.
    expect(health.pauseMs).toBeGreaterThanOrEqual(22.5 * SECOND);
    expect(health.pauseMs).toBeLessThanOrEqual(37.5 * SECOND);
  });

  it('is paused no shorter than for a lie before', () => {
    const health = new NodeHealth(() => 0);

    health.failed(new NodeError('lying', { reason: 'wrong_chain_id' }));
    health.failed(new NodeError('away', { reason: 'econnrefused' }));

    expect(health.pauseMs).toBe(10 * SECOND);
  });
});
