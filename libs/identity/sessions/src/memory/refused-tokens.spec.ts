import { createHash } from 'node:crypto';
import { Metrics } from '@countersign/runtime';
import { MAX_SESSIONS, RefusedTokens, type TokenRefusal } from './session-cache';

const START = Date.parse('2026-11-20T12:00:00Z');

function aMemory(): {
  refusals: RefusedTokens;
  metrics: Metrics;
  moveTo: (seconds: number) => void;
} {
  let now = START;
  const metrics = new Metrics();
  const clock = { now: () => new Date(now) };
  return {
    refusals: new RefusedTokens(clock, metrics),
    metrics,
    moveTo: (seconds) => {
      now = START + seconds * 1_000;
    },
  };
}

const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest();

async function entriesOf(metrics: Metrics): Promise<string | undefined> {
  const lines = (await metrics.expose()).split('\n');
  return lines.find((line) => line.startsWith('countersign_cache_entries{cache="refusals"}'))?.split(' ')[1];
}

describe('refused access tokens in memory', () => {
  it.each<[TokenRefusal, boolean, number]>([
    ['session.token_invalid', false, 600],
    ['session.ended', false, 600],
    ['session.expired', false, 600],
    ['session.expired', true, 1],
  ])('keep %s (idle: %p) for %d seconds', (code, isIdle, seconds) => {
    const { refusals, moveTo } = aMemory();
    refusals.add(digestOf('token'), code, isIdle);

    expect(refusals.find(digestOf('token'))).toBe(code);
    moveTo(seconds - 0.001);
    expect(refusals.find(digestOf('token'))).toBe(code);
    moveTo(seconds);
    expect(refusals.find(digestOf('token'))).toBeUndefined();
  });

  it('are bounded, and those that nobody asks for go first', async () => {
    const { refusals, metrics } = aMemory();
    for (let count = 0; count < MAX_SESSIONS + 200; count += 1) {
      refusals.add(digestOf(`token ${count}`), 'session.ended', false);
      refusals.find(digestOf('token 0'));
    }

    expect(await entriesOf(metrics)).toBe(String(MAX_SESSIONS));
    expect(refusals.find(digestOf('token 0'))).toBe('session.ended');
    expect(refusals.find(digestOf('token 1'))).toBeUndefined();
    expect(refusals.find(digestOf(`token ${MAX_SESSIONS + 199}`))).toBe('session.ended');
  });
});
