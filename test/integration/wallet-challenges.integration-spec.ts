import type request from 'supertest';
import { WalletChallengeUpkeep } from '@countersign/auth';
import { aPerson, countBy, times, type SignInBody } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { signInPerson, type PersonSession } from '../support/person-session';
import { rowsThatHold } from '../support/rows-that-hold';
import { useApplication, useTestApp } from '../support/use-test-app';
import {
  anEvmWallet,
  askToSignIn,
  aTonWallet,
  bodyOf,
  signInByWallet,
  SITE,
  walletProof,
  walletSignInBody,
  type ChallengeBody,
  type TestWallet,
} from '../support/wallets';

const OTHER_SITE = 'https://other.example:8443';
const app = useTestApp();
const demo = useApplication(app, {
  origins: [SITE, OTHER_SITE],
  settings: { wallets: { createsAccounts: true } },
});
const elsewhere = useApplication(app, { origins: [SITE], settings: { wallets: { createsAccounts: true } } });

const post = (body: object) => app.http.post('/v1/auth/wallets').send(body);

async function steppedUp(): Promise<PersonSession> {
  const session = await signInPerson(app, demo, aPerson());
  expect((await session.stepUp()).status).toBe(200);
  return session;
}

/** What the database has of challenges: how many, and how many of them are used. */
async function stored(): Promise<{ all: number; used: number }> {
  const [row] = await app.database.query<{ all: number; used: number }>(
    'SELECT count(*)::int AS all, count(used_at)::int AS used FROM wallet_challenges',
  );
  return row ?? { all: 0, used: 0 };
}

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
    const none = await app.createApplication();

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

describe('a challenge of TON without an address', () => {
  const unaddressed = async (wallet: TestWallet) =>
    bodyOf(await askToSignIn(app, demo, { ...wallet, address: undefined as unknown as string }));

  it('is answered by any wallet, once', async () => {
    const [first, second] = [aTonWallet(), aTonWallet('v5r1')];
    const challenge = await unaddressed(first);
    expect(challenge.address).toBeNull();
    const { applicationId } = demo;

    const answer = await post({ applicationId, ...(await first.answer(challenge)) });
    expect(answer.body).toMatchObject({ isNewUser: true, assurance: 'platform' });
    expectProblem(
      await post({ applicationId, ...(await second.answer(challenge)) }),
      401,
      'wallet.challenge_used',
    );
    const again = await post({ applicationId, ...(await first.answer(await unaddressed(first))) });
    expect(again.body).toMatchObject({
      isNewUser: false,
      userId: (answer.body as { userId: string }).userId,
    });
  });

  it('takes no proof that names another address than it signs for', async () => {
    const [own, other] = [aTonWallet(), aTonWallet()];
    const challenge = await unaddressed(own);
    const { tonProof } = (await own.answer(challenge)) as { tonProof: object };
    const forged = { ...tonProof, address: other.address };

    const { challengeId } = challenge;
    const answer = await post({ applicationId: demo.applicationId, challengeId, tonProof: forged });
    expectProblem(answer, 401, 'wallet.state_init_mismatch');
  });

  it('is not issued for other kinds', async () => {
    const wallet = { ...anEvmWallet(), address: undefined as unknown as string };
    expectProblem(await askToSignIn(app, demo, wallet), 400, 'wallet.address_invalid');
  });

  it('is answered by no signature of another kind', async () => {
    const { challengeId } = await unaddressed(aTonWallet());
    const signature = `0x${'11'.repeat(65)}`;
    expectProblem(
      await post({ applicationId: demo.applicationId, challengeId, signature }),
      401,
      'wallet.signature_invalid',
    );
  });
});

describe('an answer to a challenge', () => {
  it('counts once', async () => {
    const body = await walletSignInBody(app, demo, anEvmWallet());

    expect((await post(body)).status).toBe(200);
    expectProblem(await post(body), 401, 'wallet.challenge_used');
  });

  it('counts once also where it is refused', async () => {
    const wallet = anEvmWallet();
    const challenge = bodyOf(await askToSignIn(app, demo, wallet));
    const { applicationId } = demo;
    const wrong = await anEvmWallet().answer(challenge);

    expectProblem(await post({ applicationId, ...wrong }), 401, 'wallet.signature_invalid');
    expectProblem(
      await post({ applicationId, ...(await wallet.answer(challenge)) }),
      401,
      'wallet.challenge_used',
    );
  });

  it('counts once also where many come at once', async () => {
    const body = await walletSignInBody(app, demo, anEvmWallet());

    const answers = await Promise.all(times(30, () => post(body)));

    expect(countBy(answers, ({ status }) => status)).toEqual({ 200: 1, 401: 29 });
    for (const answer of answers)
      if (answer.status !== 200) expectProblem(answer, 401, 'wallet.challenge_used');
  });

  it('counts for five minutes', async () => {
    const wallet = anEvmWallet();
    const [inTime, late] = [
      await walletSignInBody(app, demo, wallet),
      await walletSignInBody(app, demo, wallet),
    ];
    app.clock.advance(299);
    expect((await post(inTime)).status).toBe(200);
    app.clock.advance(1);

    expectProblem(await post(late), 401, 'wallet.challenge_expired');
    expectProblem(await post(late), 401, 'wallet.challenge_used');
  });

  it('counts for its application only, and is used up by another one', async () => {
    const body = await walletSignInBody(app, demo, anEvmWallet());

    expectProblem(
      await post({ ...body, applicationId: elsewhere.applicationId }),
      401,
      'wallet.challenge_invalid',
    );
    expectProblem(await post(body), 401, 'wallet.challenge_used');
  });

  it('counts for its purpose only', async () => {
    const session = await steppedUp();
    const routes: Readonly<Record<string, string>> = {
      link: '/v1/me/identities/wallets',
      'step-up': '/v1/me/step-up',
      merge: '/v1/me/merges',
      detach: '/v1/me/detachments',
    };
    for (const [issuedFor] of Object.entries(routes))
      for (const [purpose, path] of Object.entries(routes)) {
        if (purpose === issuedFor) continue;
        const proof = await walletProof(session, anEvmWallet(), issuedFor);
        expectProblem(await session.post(path, proof), 401, 'wallet.challenge_invalid');
      }
    for (const issuedFor of Object.keys(routes))
      expectProblem(
        await post({
          applicationId: demo.applicationId,
          ...(await walletProof(session, anEvmWallet(), issuedFor)),
        }),
        401,
        'wallet.challenge_invalid',
      );
    for (const path of Object.values(routes)) {
      const { challengeId, ...rest } = await walletSignInBody(app, demo, anEvmWallet());
      expectProblem(await session.post(path, { challengeId, ...rest }), 401, 'wallet.challenge_invalid');
    }
    expect(
      (await session.post('/v1/wallets/challenges', { ...anEvmWallet(), purpose: 'sign-in' })).status,
    ).toBe(400);
  });

  it('counts for the person it was issued to', async () => {
    const [asking, other] = [await steppedUp(), await steppedUp()];
    const wallet = anEvmWallet();
    const proof = await walletProof(asking, wallet, 'link');

    expectProblem(await other.post('/v1/me/identities/wallets', proof), 401, 'wallet.challenge_invalid');
    expect((await other.get('/v1/me/identities')).body).toMatchObject({ items: [{ provider: 'telegram' }] });
    expectProblem(await asking.post('/v1/me/identities/wallets', proof), 401, 'wallet.challenge_used');
  });

  it('is of this wallet over this very text', async () => {
    const wallet = anEvmWallet();
    const { applicationId } = demo;
    const signed = async (change: (challenge: ChallengeBody) => ChallengeBody) => {
      const challenge = bodyOf(await askToSignIn(app, demo, wallet));
      const answer = await wallet.answer(change(challenge));
      return post({ applicationId, ...answer, challengeId: challenge.challengeId });
    };
    const another = bodyOf(await askToSignIn(app, demo, wallet));
    const changes: readonly ((challenge: ChallengeBody) => ChallengeBody)[] = [
      () => another,
      (challenge) => ({ ...challenge, message: `${challenge.message}\n` }),
      (challenge) => ({ ...challenge, message: `${challenge.message}`.replace('game.', 'evil.') }),
      (challenge) => ({ ...challenge, message: `${challenge.message}`.replaceAll('\n', '\r\n') }),
      (challenge) => ({ ...challenge, message: '' }),
    ];
    for (const change of changes) expectProblem(await signed(change), 401, 'wallet.signature_invalid');
    expect((await signed((challenge) => challenge)).status).toBe(200);
  });

  it('is no signature in another form', async () => {
    const wallet = anEvmWallet();
    const { applicationId } = demo;
    const attempt = async (change: (signature: string) => string) => {
      const challenge = bodyOf(await askToSignIn(app, demo, wallet));
      const { signature, challengeId } = (await wallet.answer(challenge)) as Record<string, string>;
      return post({ applicationId, challengeId, signature: change(signature ?? '') });
    };
    const v = (signature: string) => parseInt(signature.slice(-2), 16);

    // EIP-2098, 66 bytes, nothing, all zeros, and another recovery id.
    expectProblem(await attempt((text) => text.slice(0, -2)), 401, 'wallet.signature_invalid');
    expectProblem(await attempt((text) => `${text}00`), 401, 'wallet.signature_invalid');
    expectProblem(await attempt(() => `0x${'00'.repeat(65)}`), 401, 'wallet.signature_invalid');
    expectProblem(
      await attempt((text) => `${text.slice(0, -2)}${(55 - v(text)).toString(16)}`),
      401,
      'wallet.signature_invalid',
    );
    expectProblem(await attempt(() => '0x'), 401, 'wallet.signature_invalid');
    expectProblem(await attempt((text) => text.slice(2)), 400, 'request.invalid');
    expectProblem(await attempt(() => `0x${'ab'.repeat(8_193)}`), 400, 'request.invalid');
    expectProblem(await attempt(() => `0x${'ab'.repeat(8_192)}`), 401, 'wallet.signature_invalid');
    // Spellings of the same one.
    expect((await attempt((text) => `0x${text.slice(2).toUpperCase()}`)).status).toBe(200);
    expect((await attempt((text) => `${text.slice(0, -2)}0${v(text) - 27}`)).status).toBe(200);
  });

  it('has one proof, of the kind that was asked for, and is not used up by a malformed body', async () => {
    const wallet = anEvmWallet();
    const body = await walletSignInBody(app, demo, wallet);
    const { applicationId, challengeId } = body;
    const { tonProof } = (await walletSignInBody(app, demo, aTonWallet())) as unknown as { tonProof: object };

    expectProblem(await post({ applicationId, challengeId }), 400, 'request.invalid', [
      { path: '', code: 'exactly_one' },
    ]);
    expectProblem(await post({ ...body, tonProof }), 400, 'request.invalid', [
      { path: '', code: 'exactly_one' },
    ]);
    expectProblem(await post({ ...body, message: 'x' }), 400, 'request.unknown_field');
    expect((await post(body)).status).toBe(200);

    const { challengeId: fresh } = bodyOf(await askToSignIn(app, demo, wallet));
    expectProblem(
      await post({ applicationId, challengeId: fresh, tonProof }),
      401,
      'wallet.signature_invalid',
    );
    const ofTon = bodyOf(await askToSignIn(app, demo, aTonWallet())).challengeId;
    expectProblem(
      await post({ applicationId, challengeId: ofTon, signature: `0x${'11'.repeat(65)}` }),
      401,
      'wallet.signature_invalid',
    );
  });

  it('is refused before the database is asked where its id is none of ours', async () => {
    const { applicationId } = demo;
    const signature = `0x${'11'.repeat(65)}`;
    const real = bodyOf(await askToSignIn(app, demo, anEvmWallet())).challengeId;
    const before = await stored();
    for (const challengeId of ['', 'cs_wc_', `${real}x`, real.slice(0, -1), real.replace('cs_wc', 'cs_rc')])
      expectProblem(await post({ applicationId, challengeId, signature }), 401, 'wallet.challenge_invalid');
    expect(await stored()).toEqual(before);
  });

  it.each<[string, (proof: Record<string, unknown>) => object, string]>([
    [
      'another domain',
      (proof) => ({ ...proof, domain: { lengthBytes: 12, value: 'evil.example' } }),
      'wallet.domain_mismatch',
    ],
    ['another payload', (proof) => ({ ...proof, payload: 'f'.repeat(32) }), 'wallet.payload_mismatch'],
    ['a date long ago', (proof) => ({ ...proof, timestamp: 1_700_000_000 }), 'wallet.proof_expired'],
    ['a date to come', (proof) => ({ ...proof, timestamp: 4_000_000_000 }), 'wallet.proof_in_future'],
    [
      'another second',
      (proof) => ({ ...proof, timestamp: Number(proof['timestamp']) + 1 }),
      'wallet.signature_invalid',
    ],
    [
      'a signature of nothing',
      (proof) => ({ ...proof, signature: Buffer.alloc(64).toString('base64') }),
      'wallet.signature_invalid',
    ],
    ['no signature', (proof) => ({ ...proof, signature: '' }), 'wallet.proof_malformed'],
  ])('is of TON, and refused with %s', async (_, change, code) => {
    const wallet = aTonWallet('v4', 'ton:-239', () => app.clock.now());
    const body = (await walletSignInBody(app, demo, wallet)) as unknown as {
      tonProof: { proof: Record<string, unknown> };
    };
    const { tonProof } = body;

    const answer = await post({ ...body, tonProof: { ...tonProof, proof: change(tonProof.proof) } });

    expectProblem(answer, code === 'wallet.proof_malformed' ? 400 : 401, code);
  });

  it('is of TON, and refused where the key is not bound to the address', async () => {
    const at = () => app.clock.now();
    const [wallet, other] = [aTonWallet('v4', 'ton:-239', at), aTonWallet('v4', 'ton:-239', at)];
    interface Body {
      readonly challengeId: string;
      readonly tonProof: Record<string, unknown>;
    }
    const attempt = async (change: (proof: Body['tonProof']) => object, by: TestWallet = wallet) => {
      const challenge = bodyOf(await askToSignIn(app, demo, wallet));
      const { challengeId, tonProof } = (await by.answer(challenge)) as Body;
      return post({ applicationId: demo.applicationId, challengeId, tonProof: change(tonProof) });
    };
    const stateInitOf = async (from: TestWallet) =>
      ((await from.answer(bodyOf(await askToSignIn(app, demo, from)))) as Body).tonProof['walletStateInit'];
    const foreign = await stateInitOf(other);

    expectProblem(await attempt((proof) => proof, other), 401, 'wallet.address_mismatch');
    expectProblem(
      await attempt((proof) => ({ ...proof, address: wallet.address }), other),
      401,
      'wallet.state_init_mismatch',
    );
    expectProblem(
      await attempt((proof) => ({ ...proof, walletStateInit: foreign })),
      401,
      'wallet.state_init_mismatch',
    );
    expectProblem(await attempt((proof) => ({ ...proof, network: '-3' })), 401, 'wallet.network_mismatch');
    const unbound = await attempt(({ walletStateInit: _, ...proof }) => proof);
    expectProblem(unbound, 401, 'wallet.signature_invalid');
    expect((unbound.body as { detail: string }).detail).toContain('configured');
    expect((await attempt((proof) => proof)).status).toBe(200);
  });

  it('made before all sessions were ended opens none', async () => {
    const wallet = anEvmWallet();
    const { accessToken } = (await signInByWallet(app, demo, wallet)).body as SignInBody;
    app.clock.advance(1);
    const body = await walletSignInBody(app, demo, wallet);
    app.clock.advance(2);
    await app.http.delete('/v1/me/sessions?all=true').set('authorization', `Bearer ${accessToken}`);

    expectProblem(await post(body), 401, 'auth.proof_outdated');
  });
});

describe('a dump', () => {
  it('tells nothing of who is about to prove which address', async () => {
    const session = await steppedUp();
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

describe('the upkeep of challenges', () => {
  it('deletes them an hour after they expired', async () => {
    await askToSignIn(app, demo, anEvmWallet());
    const upkeep = app.nest.get(WalletChallengeUpkeep);
    app.clock.advance(300 + 3_600);
    await upkeep.run();
    expect((await stored()).all).toBeGreaterThan(0);

    app.clock.advance(1);

    expect(await upkeep.run()).toBeGreaterThan(0);
    expect(await stored()).toEqual({ all: 0, used: 0 });
  });
});
