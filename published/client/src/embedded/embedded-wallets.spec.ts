import { askForConsent } from './consents.js';
import { createEmbeddedWallet, walletSigner } from './embedded-wallets.js';
import { CountersignError } from '../problem.js';
import type { Countersign } from '../types.js';
import { walletProvider } from './wallet-provider.js';

type Answer = object | CountersignError;

const path = { walletId: 'one' };
const ADDRESS = '0x52908400098527886E0F7030069857D2E4169EE7';
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

describe('the provider', () => {
  const typedData = JSON.stringify({ domain: { chainId: 1 } });
  const provide = (...answers: readonly Answer[]) => {
    const found = aClient(...answers);
    let isWanted = true;
    const signer = walletSigner(found.client, 'one', () => isWanted);
    return {
      ...found,
      decline: () => void (isWanted = false),
      provider: walletProvider(ADDRESS, 'eip155:137', signer),
    };
  };

  it.each([
    ['personal_sign', ['0x48656c6c6f', ADDRESS.toLowerCase()], { message: '0x48656c6c6f', encoding: 'hex' }],
    ['personal_sign', ['0x4865z', ADDRESS], { message: '0x4865z', encoding: 'text' }],
    ['eth_signTypedData_v4', [ADDRESS, typedData], { typedData }],
  ])('signs %s %j', async (method, params, request) => {
    const { provider, asked } = provide(ACT, { signature: '0x1b' });

    expect(await provider.request({ method, params })).toBe('0x1b');
    expect(asked[0]?.[2]).toMatchObject({ body: { request, chainId: 'eip155:137' } });
  });

  it.each([
    ['eth_sendTransaction', [{}], 4200],
    ['eth_sign', [ADDRESS, '0x00'], 4200],
    ['eth_blockNumber', undefined, 4200],
    ['wallet_switchEthereumChain', [{ chainId: '0x1' }], 4200],
    ['toString', [], 4200],
    ['personal_sign', ['0x00', `0x${'11'.repeat(20)}`], 4100],
    ['personal_sign', { message: '0x00' }, 4100],
    ['eth_signTypedData_v4', [typedData, ADDRESS], 4100],
    ['personal_sign', [7, ADDRESS], -32602],
  ])('refuses %s %j with %d', async (method, params, code) => {
    const { provider, asked } = provide();

    await expect(provider.request({ method, params })).rejects.toMatchObject({ name: 'ProviderError', code });
    expect(asked).toEqual([]);
  });

  it('says that the person declined, and what the service refused', async () => {
    const params = ['0x00', ADDRESS];
    const declined = provide(ACT);
    declined.decline();
    await expect(declined.provider.request({ method: 'personal_sign', params })).rejects.toMatchObject({
      code: 4001,
    });

    const cause = new CountersignError('wallet.digest_refused', 403);
    const refused = provide(cause);
    await expect(refused.provider.request({ method: 'personal_sign', params })).rejects.toMatchObject({
      code: -32603,
      cause,
    });
  });
});
