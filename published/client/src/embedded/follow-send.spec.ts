import { CountersignError } from '../problem.js';
import type { Countersign } from '../types.js';
import { followSend, type Send } from './sends.js';

const AWAY = new CountersignError('service.unavailable', 503);
const sent = (state: Send['state']) => ({ state }) as Send;

/** Follows a send that is read like this, one answer for each call. */
function follow(answers: readonly (Send | CountersignError)[], signal?: AbortSignal) {
  const left = [...answers];
  const asked: unknown[][] = [];
  const read: string[] = [];
  const call = async (...input: unknown[]): Promise<unknown> => {
    asked.push(input);
    const answer = left.shift();
    if (answer instanceof CountersignError) throw answer;
    return answer;
  };
  const client = { call } as unknown as Pick<Countersign, 'call'>;
  const onRead = ({ state }: Send): void => void read.push(state);
  return { asked, read, end: followSend(client, 'one', 'two', { onRead, ...(signal && { signal }) }) };
}

beforeEach(() => {
  jest.useFakeTimers({ advanceTimers: 100 });
});
afterEach(() => {
  jest.useRealTimers();
});

describe('followSend', () => {
  it.each(['final', 'failed', 'replaced', 'not-sent'] as const)(
    'reads a send until it is %s',
    async (state) => {
      const { asked, read, end } = follow([sent('broadcasting'), sent('mined'), sent(state)]);
      await jest.advanceTimersByTimeAsync(6_000);

      expect(await end).toMatchObject({ state });
      expect(read).toEqual(['broadcasting', 'mined', state]);
      expect(asked[0]).toEqual([
        'GET',
        '/v1/wallets/{walletId}/sends/{sendId}',
        { path: { walletId: 'one', sendId: 'two' } },
      ]);
    },
  );

  it('waits for an outage, and throws other errors', async () => {
    const { end } = follow([AWAY, sent('final')]);
    await jest.advanceTimersByTimeAsync(2_000);
    expect(await end).toMatchObject({ state: 'final' });

    const refused = new CountersignError('send.not_found', 404);
    await expect(follow([refused]).end).rejects.toBe(refused);
  });

  it('asks no more where the page wants no more', async () => {
    const controller = new AbortController();
    const { asked, end } = follow([sent('mined')], controller.signal);
    controller.abort();
    const check = expect(end).rejects.toMatchObject({ name: 'AbortError' });
    await jest.advanceTimersByTimeAsync(4_000);

    await check;
    expect(asked).toHaveLength(1);
  });
});
