import type request from 'supertest';
import { expectProblem } from '../support/expect-problem';
import { aSteppedUp } from '../support/linked-wallets';
import { rowsThatHold } from '../support/rows-that-hold';
import { useApplication, useTestApp } from '../support/use-test-app';
import {
  anEvmWallet,
  askToSignIn,
  aTonWallet,
  bodyOf,
  SITE,
  walletProof,
  type ChallengeBody,
} from '../support/wallets';

const OTHER_SITE = 'https://other.example:8443';
const app = useTestApp();
const demo = useApplication(app, {
  origins: [SITE, OTHER_SITE],
  settings: { metapro: { enabled: true }, wallets: { createsAccounts: true } },
});

const post = (body: object) => app.http.post('/v1/auth/wallets').send(body);

describe('a challenge', () => {
  it('says what the wallet is asked to sign: EIP-4361', async () => {
    const wallet = anEvmWallet('siwe', 'eip155:137');
    const challenge = bodyOf(await askToSignIn(app, demo, wallet));
    const { message, ...rest } = challenge;
    const at = app.clock.now().toISOString();
    const until = new Date(app.clock.now().getTime() + 300_000).toISOString();

    expect(rest).toEqual({
      challengeId: expect.stringMatching(/^cs_wc_/) as string,
      kind: 'siwe',
      purpose: 'sign-in',
      address: wallet.address,
      chainId: 'eip155:137',
      payload: null,
      domain: 'game.example',
      expiresAt: until,
    });
    expect(message?.replace(/Nonce: [0-9a-f]{32}\n/, 'Nonce: N\n').split('\n')).toEqual([
      'game.example wants you to sign in with your Ethereum account:',
      wallet.address,
      '',
      'Sign in with this wallet.',
      '',
      `URI: ${SITE}`,
      'Version: 1',
      'Chain ID: 137',
      'Nonce: N',
      `Issued At: ${at}`,
      `Expiration Time: ${until}`,
    ]);
  });

  it('says what the wallet is asked to sign: the fixed message of Metapro, and TON', async () => {
    const metapro = anEvmWallet('metapro');
    const { message, domain } = bodyOf(await askToSignIn(app, demo, metapro));
    expect(message?.split('\n').slice(0, -1)).toEqual([
      'Please sign to let us verify',
      'that you are the owner of this address',
      metapro.subject,
      '',
    ]);
    expect(message?.split('\n').at(-1)).toMatch(/^Request ID [\w-]{50}$/);
    expect(domain).toBeNull();

    const ton = bodyOf(await askToSignIn(app, demo, aTonWallet()));
    expect(ton).toMatchObject({ message: null, payload: expect.stringMatching(/^[0-9a-f]{32}$/) as string });
    expect(ton.address).toMatch(/^UQ/);
  });

  it('is for a site of the application, that of the page first', async () => {
    const wallet = anEvmWallet();
    const domainOf = async (call: request.Test) => bodyOf(await call).domain;

    expect(await domainOf(askToSignIn(app, demo, wallet))).toBe('game.example');
    expect(await domainOf(askToSignIn(app, demo, wallet).set('origin', OTHER_SITE))).toBe(
      'other.example:8443',
    );
    expect(await domainOf(askToSignIn(app, demo, wallet, { origin: OTHER_SITE }).set('origin', SITE))).toBe(
      'other.example:8443',
    );
    for (const origin of ['https://evil.example', 'https://game.example.evil.example', '', 'null'])
      expectProblem(await askToSignIn(app, demo, wallet, { origin }), 403, 'request.origin_not_allowed');
    expectProblem(
      await askToSignIn(app, demo, wallet).set('origin', 'https://evil.example'),
      403,
      'request.origin_not_allowed',
    );
  });

  it('needs an application with a site, unless its message names none', async () => {
    const none = await app.createApplication({
      settings: { metapro: { enabled: true }, wallets: { accept: true } },
    });

    expectProblem(await askToSignIn(app, none, anEvmWallet()), 422, 'wallet.origin_required');
    expectProblem(await askToSignIn(app, none, aTonWallet()), 422, 'wallet.origin_required');
    expect((await askToSignIn(app, none, anEvmWallet('metapro'))).status).toBe(201);
  });

  it.each<[string, object, number, string]>([
    ['capitals only', { address: `0x${'AB'.repeat(20)}` }, 400, 'wallet.address_invalid'],
    ['a wrong checksum', { address: `0x${'aB'.repeat(20)}` }, 400, 'wallet.address_invalid'],
    ['ICAP', { address: 'XE7338O073KYGTWWZN0F2WZ0R8PX5ZPPZS' }, 400, 'wallet.address_invalid'],
    ['one of TON', { address: `0:${'ab'.repeat(32)}` }, 400, 'wallet.address_invalid'],
    ['a name', { address: 'vitalik.eth' }, 400, 'wallet.address_invalid'],
    ['a chain of TON', { chainId: 'ton:-239' }, 400, 'wallet.chain_invalid'],
    ['chain 0', { chainId: 'eip155:0' }, 400, 'request.invalid'],
    ['a chain with a zero in front', { chainId: 'eip155:01' }, 400, 'request.invalid'],
    ['an unknown kind', { kind: 'eip712' }, 400, 'request.invalid'],
    ['a purpose', { purpose: 'link' }, 400, 'request.unknown_field'],
    [
      'an unknown application',
      { applicationId: '0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b42' },
      404,
      'application.not_found',
    ],
  ])('is not issued for %s', async (_, wanted, status, code) => {
    expectProblem(await askToSignIn(app, demo, anEvmWallet(), wanted), status, code);
  });

  it('is not issued for an address of the test network on the main one', async () => {
    const wallet = aTonWallet('v4', 'ton:-3');
    const { address } = bodyOf(await askToSignIn(app, demo, wallet));
    expect(address).toMatch(/^0Q/);

    expectProblem(
      await askToSignIn(app, demo, wallet, { address, chainId: 'tvm:-239' }),
      400,
      'wallet.address_invalid',
    );
    expect(bodyOf(await askToSignIn(app, demo, wallet, { address, chainId: 'tvm:-3' })).chainId).toBe(
      'ton:-3',
    );
  });
});

describe('a dump', () => {
  it('tells nothing of who is about to prove which address', async () => {
    const session = await aSteppedUp(app, demo);
    const wallet = anEvmWallet();
    const ton = aTonWallet('v5r1', 'ton:-239', () => app.clock.now());
    const asked = [
      bodyOf(await askToSignIn(app, demo, wallet)),
      bodyOf(await askToSignIn(app, demo, ton)),
      bodyOf(
        await session.post('/v1/wallets/challenges', {
          kind: 'metapro',
          address: wallet.address,
          purpose: 'merge',
        }),
      ),
    ];
    const forms = [wallet.address, wallet.subject, ton.address, asked[1]?.address ?? ''].flatMap(
      (address) => {
        const bare = address.replace(/^0x|^0:/, '');
        return [bare, bare.toLowerCase(), Buffer.from(bare).toString('hex')];
      },
    );
    const secrets = asked.map(({ challengeId }) => challengeId);

    expect(await rowsThatHold(app.database, [...forms, ...secrets])).toEqual([]);
    expect(app.logLines.filter((line) => [...forms, ...secrets].some((text) => line.includes(text)))).toEqual(
      [],
    );

    await post({ applicationId: demo.applicationId, ...(await wallet.answer(asked[0] as ChallengeBody)) });
    expect(
      (await session.post('/v1/me/identities/wallets', await walletProof(session, ton, 'link'))).status,
    ).toBe(201);
    expect(await rowsThatHold(app.database, [...forms, ...secrets])).toEqual([]);
    expect(app.logLines.filter((line) => [...forms, ...secrets].some((text) => line.includes(text)))).toEqual(
      [],
    );
  });
});
