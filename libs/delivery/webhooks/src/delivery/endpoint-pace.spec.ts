import { plusSeconds } from '@countersign/clock';
import { EndpointPace, MAX_IN_FLIGHT } from './endpoint-pace';
import { judgeAttempt, type Judgement } from './judge-attempt';

const NOW = new Date('2026-11-22T12:00:00Z');
const answered = (status: number, retryAfterSeconds: number | null = null): Judgement =>
  judgeAttempt({ kind: 'answered', status, retryAfterSeconds, durationMs: 1 }, 1, () => 0.5);
const silence = judgeAttempt({ kind: 'failed', reason: 'timeout', durationMs: 1 }, 1, () => 0.5);
const secondsOf = (ms: number | null): number | null => ms && ms / 1_000;

describe('the pace of an endpoint', () => {
  it('halves with each failure down to one attempt, and grows with each success', () => {
    const pace = new EndpointPace();
    const seen = [500, 500, 500, 500, 500, 500, 200, 200].map((status) => {
      pace.note(answered(status), NOW);
      return pace.inFlight;
    });
    expect(seen).toEqual([16, 8, 4, 2, 1, 1, 2, 3]);
    for (let one = 0; one < 100; one += 1) pace.note(answered(204), NOW);
    expect(pace.inFlight).toBe(MAX_IN_FLIGHT);
  });

  it('pauses after five attempts without an answer in a row, for as long as it has been failing', () => {
    const pace = new EndpointPace();
    const pauses = [1, 2, 3, 4, 5].map(() => secondsOf(pace.note(silence, NOW)));
    expect(pauses).toEqual([null, null, null, null, 5]);
    for (const [after, pause] of [
      [60, 60],
      [290, 290],
      [4_000, 300],
    ] as const)
      expect(secondsOf(pace.note(silence, plusSeconds(NOW, after)))).toBe(pause);
  });

  it('does not pause while some attempts are answered', () => {
    const pace = new EndpointPace();
    for (let one = 0; one < 20; one += 1)
      expect([silence, silence, silence, silence, answered(400)].map((each) => pace.note(each, NOW))).toEqual(
        Array(5).fill(null),
      );
  });

  it('pauses for the time that the endpoint asks for', () => {
    expect(secondsOf(new EndpointPace().note(answered(503, 120), NOW))).toBe(120);
    expect(secondsOf(new EndpointPace().note(answered(429), NOW))).toBe(5);
  });

  it('leaves gaps between attempts that are all refused', () => {
    const pace = new EndpointPace();
    for (let one = 0; one < 20; one += 1) pace.note(answered(400), NOW);
    expect(pace.gapMs).toBe(0);
    pace.note(answered(400), NOW);
    expect(pace.gapMs).toBe(100);
    pace.note(answered(200), NOW);
    expect(pace.gapMs).toBe(0);
  });

  it('begins with one attempt where other replicas saw failures', () => {
    const pace = new EndpointPace();
    pace.learn(plusSeconds(NOW, -100), true);
    expect(pace.inFlight).toBe(1);
    expect(secondsOf(pace.note(silence, NOW))).toBe(100);
  });
});

describe('an attempt', () => {
  it.each([
    [200, 'delivered', 'well', 'delivered'],
    [204, 'delivered', 'well', 'delivered'],
    [302, 'redirected', 'refusing', 'pending'],
    [400, 'refused', 'refusing', 'pending'],
    [410, 'gone', 'gone', 'pending'],
    [429, 'throttled', 'throttled', 'pending'],
    [500, 'refused', 'refusing', 'pending'],
    [502, 'throttled', 'throttled', 'pending'],
  ])('answered with %d is %s', (status, outcome, endpoint, state) => {
    expect(answered(status)).toMatchObject({ outcome, endpoint, status, delivery: { state } });
  });

  it('that was not sent is none', () => {
    for (const reason of ['busy', 'closed'] as const)
      expect(judgeAttempt({ kind: 'failed', reason, durationMs: 1 }, 1, () => 0)).toMatchObject({
        delivery: null,
        endpoint: 'unknown',
      });
  });

  it('is the last one after ten', () => {
    const refused = { kind: 'answered', status: 500, retryAfterSeconds: null, durationMs: 1 } as const;
    expect(judgeAttempt(refused, 9, () => 0).delivery?.state).toBe('pending');
    expect(judgeAttempt(refused, 10, () => 0).delivery?.state).toBe('failed');
  });
});
