import { askForConsent } from './consents.js';
import { createEmbeddedWallet, walletSigner, type ActDetails } from './embedded-wallets.js';
import { CountersignError } from '../problem.js';
import type { Countersign } from '../types.js';
import { walletProvider } from './wallet-provider.js';

type Answer = object | CountersignError;

const path = { walletId: 'one' };
const ADDRESS = '0x52908400098527886E0F7030069857D2E4169EE7';
const AWAY = new CountersignError('wallet.custody_unavailable', 503, {}, 2);
const TOKEN = {
  walletToken: 'cs_wt_1',
  expiresIn: 60,
  details: { summary: ['Sign the text of a message.'], text: 'Hello' },
};
const hello = {
  act: 'sign-message',
  request: { message: 'Hello', encoding: 'text' },
  chainId: 'eip155:1',
};
const use = { walletToken: 'cs_wt_1', ...hello };
const tokens = '/v1/wallets/{walletId}/tokens';
const sign = '/v1/wallets/{walletId}/sign';

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
  it('signs what the person has seen and confirmed', async () => {
    const { client, asked } = aClient(TOKEN, { signature: '0x1b' });
    const shown: ActDetails[] = [];
    const signer = walletSigner(client, 'one', (details) => shown.push(details) > 0);

    expect(await signer.signMessage('eip155:1', 'Hello')).toBe('0x1b');

    expect(shown).toEqual([TOKEN.details]);
    expect(asked).toEqual([
      ['POST', tokens, { path, body: hello }],
      ['POST', sign, { path, body: use }],
    ]);
  });

  it('signs nothing that the person declines', async () => {
    const { client, asked } = aClient(TOKEN);
    const signer = walletSigner(client, 'one', async () => false);

    await expect(signer.signMessage('eip155:1', 'Hello')).rejects.toMatchObject({ code: 'local.declined' });

    expect(asked).toHaveLength(1);
  });

  it('sends the same call again while the keys are away, five times at most', async () => {
    const found = aClient(TOKEN, AWAY, AWAY, { signature: '0x1b' });
    const signature = walletSigner(found.client, 'one', () => true).signMessage('eip155:1', 'Hello');
    await jest.advanceTimersByTimeAsync(4_000);
    expect(await signature).toBe('0x1b');
    expect(found.asked.slice(1)).toEqual(Array(3).fill(['POST', sign, { path, body: use }]));

    const away = aClient(TOKEN, ...Array<Answer>(9).fill(AWAY));
    const failed = walletSigner(away.client, 'one', () => true).signMessage('eip155:1', 'Hello');
    const check = expect(failed).rejects.toBe(AWAY);
    await jest.advanceTimersByTimeAsync(60_000);
    await check;
    expect(away.asked).toHaveLength(6);
  });

  it('sends nothing again that was refused, or whose answer was lost', async () => {
    for (const error of [
      new CountersignError('wallet.token_used', 409),
      new CountersignError('local.unreachable'),
      new CountersignError('service.unavailable', 503),
    ]) {
      const { client, asked } = aClient(TOKEN, error);
      const signer = walletSigner(client, 'one', () => true);
      await expect(signer.signMessage('eip155:1', 'Hello')).rejects.toBe(error);
      expect(asked).toHaveLength(2);
    }
  });

  it('gives what a site verifies a signature of TON by', async () => {
    const ton = { publicKey: 'ab', walletStateInit: 'te6cc' };
    const answer = { signature: 'AA==', ton, details: { timestamp: 1_795_177_295 } };
    const { client, asked } = aClient(TOKEN, answer);

    const proof = await walletSigner(client, 'one', () => true).signTonProof('game.example', 'nonce');

    expect(proof).toEqual({ ...ton, signature: 'AA==', timestamp: 1_795_177_295 });
    const body = { act: 'ton-proof', request: { domain: 'game.example', payload: 'nonce' } };
    expect(asked[0]).toEqual(['POST', tokens, { path, body }]);
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
  const consent = { consentId: 'f3', link: 'https://t.me/consent_bot?startapp=w_8', expiresAt: '' };
  const state = '/v1/wallets/{walletId}/consents/{consentId}';

  it('is asked for at the consent bot before what needs it is signed', async () => {
    const { client, asked } = aClient(
      { ...TOKEN, consent },
      { state: 'open' },
      { state: 'accepted' },
      { signature: '0x1b' },
    );
    const links: string[] = [];
    const signer = walletSigner(
      client,
      'one',
      () => true,
      (link) => links.push(link),
    );
    const signature = signer.signMessage('eip155:1', 'Hello');
    await jest.advanceTimersByTimeAsync(2_000);

    expect(await signature).toBe('0x1b');
    expect(links).toEqual([consent.link]);
    expect(asked[1]).toEqual(['GET', state, { path: { ...path, consentId: 'f3' } }]);
  });

  it('for the words answers the link that shows them', async () => {
    const { client } = aClient(consent, { state: 'accepted' });

    expect(await askForConsent(client, 'one', 'export', () => undefined)).toEqual(consent);
  });

  it('that is not given in time declines', async () => {
    const { client, asked } = aClient(consent, { state: 'expired' });

    await expect(askForConsent(client, 'one', 'export', () => undefined)).rejects.toMatchObject({
      code: 'local.declined',
    });
    expect(asked[0]).toEqual(['POST', '/v1/wallets/{walletId}/consents', { path, body: { kind: 'export' } }]);
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

  it('has one address and one chain', async () => {
    const { provider, asked } = provide();

    expect(await provider.request({ method: 'eth_requestAccounts' })).toEqual([ADDRESS]);
    expect(await provider.request({ method: 'eth_accounts', params: [] })).toEqual([ADDRESS]);
    expect(await provider.request({ method: 'eth_chainId' })).toBe('0x89');
    expect(asked).toEqual([]);
  });

  it.each([
    ['personal_sign', ['0x48656c6c6f', ADDRESS.toLowerCase()], { message: '0x48656c6c6f', encoding: 'hex' }],
    ['personal_sign', ['0x4865z', ADDRESS], { message: '0x4865z', encoding: 'text' }],
    ['eth_signTypedData_v4', [ADDRESS, typedData], { typedData }],
  ])('signs %s %j', async (method, params, request) => {
    const { provider, asked } = provide(TOKEN, { signature: '0x1b' });

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
    const declined = provide(TOKEN);
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
