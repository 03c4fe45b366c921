import { askForConsent } from './consents.js';
import { createEmbeddedWallet, walletSigner } from './embedded-wallets.js';
import { CountersignError } from '../problem.js';
import type { Countersign } from '../types.js';

type Answer = object | CountersignError;

const path = { walletId: 'one' };
const AWAY = new CountersignError('wallet.custody_unavailable', 503, {}, 2);
const ACT = {
  ...{ actId: 'act-1', state: 'open', consent: null },
  details: { summary: ['Sign the text of a message.'], text: 'Hello' },
};
const acts = '/v1/wallets/{walletId}/acts';
const act = '/v1/wallets/{walletId}/acts/{actId}';
const perform = `${act}/perform`;
const inAct = { path: { ...path, actId: 'act-1' } };

/** A client that gets these answers, one for each call, and writes down what it was asked. */
function aClient(...answers: readonly Answer[]) {
  const left = [...answers];
  const asked: unknown[][] = [];
  const call = async (...input: unknown[]): Promise<unknown> => {
    asked.push(input);
    const answer = left.shift();
    if (answer instanceof CountersignError) throw answer;
    return answer;
  };
  return { asked, client: { call } as unknown as Pick<Countersign, 'call'> };
}

beforeEach(() => {
  jest.useFakeTimers({ advanceTimers: 100 });
});
afterEach(() => {
  jest.useRealTimers();
});

describe('a signer', () => {
  it('sends the same call again while the keys are away, five times at most', async () => {
    const found = aClient(ACT, AWAY, AWAY, { signature: '0x1b' });
    const signature = walletSigner(found.client, 'one', () => true).signMessage('eip155:1', 'Hello');
    await jest.advanceTimersByTimeAsync(4_000);
    expect(await signature).toBe('0x1b');
    expect(found.asked.slice(1)).toEqual(Array(3).fill(['POST', perform, inAct]));

    const away = aClient(ACT, ...Array<Answer>(9).fill(AWAY));
    const failed = walletSigner(away.client, 'one', () => true).signMessage('eip155:1', 'Hello');
    const check = expect(failed).rejects.toBe(AWAY);
    await jest.advanceTimersByTimeAsync(60_000);
    await check;
    expect(away.asked).toHaveLength(6);
  });

  it('sends nothing again that was refused, or whose answer was lost', async () => {
    for (const error of [
      new CountersignError('wallet.act_performed', 409),
      new CountersignError('local.unreachable'),
      new CountersignError('service.unavailable', 503),
    ]) {
      const { client, asked } = aClient(ACT, error);
      const signer = walletSigner(client, 'one', () => true);
      await expect(signer.signMessage('eip155:1', 'Hello')).rejects.toBe(error);
      expect(asked).toHaveLength(2);
    }
  });
});

describe('createEmbeddedWallet', () => {
  it('asks again while the keys are away', async () => {
    const { client, asked } = aClient(AWAY, { walletId: 'one' });
    const made = createEmbeddedWallet(client, 'ton');
    await jest.advanceTimersByTimeAsync(2_000);

    expect(await made).toEqual({ walletId: 'one' });
    expect(asked).toEqual(Array(2).fill(['POST', '/v1/wallets/embedded', { body: { chain: 'ton' } }]));
  });
});

describe('a consent', () => {
  const consent = { link: 'https://t.me/consent_bot?startapp=w_8', expiresAt: '' };
  const asked = { ...ACT, consent };

  it('that is not given in time declines', async () => {
    const found = aClient(asked, { state: 'expired' });

    await expect(askForConsent(found.client, 'one', 'export', () => undefined)).rejects.toMatchObject({
      code: 'local.declined',
    });
    expect(found.asked[0]).toEqual(['POST', acts, { path, body: { kind: 'export' } }]);
  });
});
