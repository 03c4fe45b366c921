import { randomBytes } from 'node:crypto';
import type request from 'supertest';
import { Address } from '@ton/core';
import { KeyRing, mintToken } from '@countersign/crypto';
import { aPerson, countBy, type SignInBody } from '../factories';
import { settleAttachments } from '../support/accounts';
import { expectProblem } from '../support/expect-problem';
import { inventoryOf } from '../support/inventory';
import { aSteppedUp, linkWallet } from '../support/linked-wallets';
import { anOperator } from '../support/operator';
import { aLoginCode } from '../support/login-code';
import { isLive, sessionOf, signInPerson, type PersonSession } from '../support/person-session';
import { statementsOf } from '../support/statement-count';
import { useApplication, useTestApp } from '../support/use-test-app';
import {
  anEvmWallet,
  askToSignIn,
  asKind,
  aTonWallet,
  bodyOf,
  signInByWallet,
  SITE,
  walletProof,
  walletSignInBody,
  type TestWallet,
} from '../support/wallets';

const app = useTestApp();
const demo = useApplication(app, { origins: [SITE] });
const founding = useApplication(app, { origins: [SITE], settings: { wallets: { createsAccounts: true } } });
const site = useApplication(app, {
  origins: [SITE],
  settings: { metapro: { enabled: true }, wallets: { createsAccounts: true } },
});

const now = () => app.clock.now();
const post = (body: object) => app.http.post('/v1/auth/wallets').send(body);

async function userIdBy(wallet: TestWallet): Promise<string> {
  const { status, body } = await signInByWallet(app, founding, wallet);
  expect({ status, body: body as unknown }).toMatchObject({ status: 200 });
  return (body as SignInBody).userId;
}

describe('one wallet', () => {
  it('is one account, however its address is written', async () => {
    const evm = anEvmWallet();
    const userId = await userIdBy(evm);
    expect(await userIdBy({ ...evm, address: evm.subject })).toBe(userId);

    const ton = aTonWallet('v4', 'ton:-239', now);
    const raw = Address.parseRaw(ton.address);
    const ofTon = await userIdBy(ton);
    for (const address of [
      ton.address.toUpperCase(),
      raw.toString({ bounceable: true }),
      raw.toString({ bounceable: false }),
      raw.toString({ bounceable: false, urlSafe: false }),
    ])
      expect({ address, userId: await userIdBy({ ...ton, address }) }).toEqual({ address, userId: ofTon });
    expect(await userIdBy({ ...ton, chainId: 'tvm:-239' })).toBe(ofTon);
  });

  it('is one account, whatever chain its message names', async () => {
    const wallet = anEvmWallet('siwe', 'eip155:1');
    const userId = await userIdBy(wallet);

    for (const chainId of ['eip155:10', 'eip155:137', 'eip155:999999999'])
      expect(await userIdBy({ ...wallet, chainId })).toBe(userId);
  });
});

describe('who has a valid account', () => {
  it('is not told whether a wallet has an account before it signs', async () => {
    const [known, unknown] = [anEvmWallet(), anEvmWallet()];
    await userIdBy(known);
    const forged = async ({ address, kind, chainId }: TestWallet) => {
      const asked = await app.http
        .post('/v1/auth/wallets/challenges')
        .send({ applicationId: demo.applicationId, address, kind, chainId });
      const { challengeId, ...rest } = bodyOf(asked);
      const signature = `0x${'11'.repeat(64)}1b`;
      const answer = await post({ applicationId: demo.applicationId, challengeId, signature });
      const { requestId: _, ...problem } = answer.body as Record<string, unknown>;
      return { asked: Object.keys(rest), status: answer.status, problem };
    };

    await forged(known);
    const ofKnown = await statementsOf(app, () => forged(known));
    const ofUnknown = await statementsOf(app, () => forged(unknown));

    expect(ofUnknown).toEqual(ofKnown);
    expect(await forged(unknown)).toEqual(await forged(known));
    expect((await forged(known)).status).toBe(401);
  });

  it('steps up by one proof, not by a mixture of two', async () => {
    const person = aPerson();
    const session = await signInPerson(app, demo, person);
    const proof = await walletProof(session, anEvmWallet(), 'step-up');
    const login = await aLoginCode(app, demo, person);

    const mixed = await session.post('/v1/me/step-up', { ...proof, ...login });

    expectProblem(mixed, 400, 'request.invalid');
  });

  it('gets nothing by a challenge that was asked for before the account was merged', async () => {
    const wallet = anEvmWallet();
    const loser = await aSteppedUp(app, demo);
    await linkWallet(loser, wallet);
    const asked = await walletProof(loser, anEvmWallet(), 'link');
    const survivor = await aSteppedUp(app, demo);
    expect((await survivor.post('/v1/me/merges', await walletProof(survivor, wallet, 'merge'))).status).toBe(
      200,
    );

    expect((await loser.post('/v1/wallets/links', { ...asked, canSignIn: true })).status).toBe(401);
    expectProblem(
      await survivor.post('/v1/wallets/links', { ...asked, canSignIn: true }),
      401,
      'wallet.challenge_invalid',
    );
  });

  it('cannot answer in a way that the operator has withdrawn meanwhile', async () => {
    const { applicationId } = await app.createApplication({
      origins: [SITE],
      settings: { metapro: { enabled: true }, wallets: { createsAccounts: true } },
    });
    const wallet = anEvmWallet('metapro');
    const body = await walletSignInBody(app, { applicationId }, wallet);
    const operator = await anOperator(app);
    const path = `/v1/admin/applications/${applicationId}`;
    const patch = { settings: { metapro: { enabled: false } } };
    expect((await operator.patch(path, patch)).status).toBe(200);

    expectProblem(await post(body), 403, 'wallet.not_accepted');
    expectProblem(await post(body), 401, 'wallet.challenge_used');
  });

  it('founds no account by a wallet that is unlinked while it signs in', async () => {
    const outcomes: string[] = [];
    for (let round = 0; round < 8; round += 1) {
      const wallet = anEvmWallet();
      const session = await aSteppedUp(app, demo);
      const { walletId } = await linkWallet(session, wallet);
      const bodies = [];
      for (let count = 0; count < 4; count += 1) bodies.push(await walletSignInBody(app, demo, wallet));

      await settleAttachments(app);
      const [unlinked, ...answers] = await Promise.all([
        session.delete(`/v1/wallets/${walletId}`),
        ...bodies.map((body) => post(body)),
      ]);

      expect(unlinked.status).toBe(204);
      for (const { status, body } of answers) {
        outcomes.push(`${status} ${(body as { code?: string }).code ?? ''}`);
        if (status === 200) expect(body).toMatchObject({ userId: session.userId, isNewUser: false });
      }
      expectProblem(await signInByWallet(app, demo, wallet), 403, 'wallet.not_linked');
      expect(await isLive(app, session)).toBe(true);
      const astray = await app.database.query(
        `SELECT 1 FROM identities i LEFT JOIN wallets w ON w.identity_id = i.id
         WHERE i.user_id = $1 AND i.provider = 'ethereum' AND w.id IS NULL
         UNION ALL SELECT 1 FROM sessions s LEFT JOIN identities i ON i.id = s.identity_id
         WHERE s.user_id = $1 AND s.ended_at IS NULL AND i.id IS NULL`,
        [session.userId],
      );
      expect(astray).toEqual([]);
    }
    expect(Object.keys(countBy(outcomes, (text) => text)).toSorted()).toEqual(
      expect.arrayContaining(['403 wallet.not_linked']),
    );
    expect(outcomes.filter((text) => !/^(?:200 |403 wallet.not_linked)$/.test(text))).toEqual([]);
  });
});

describe('who has the key ring', () => {
  it('makes no challenge: those that were not issued are unknown', async () => {
    const ring = app.nest.get(KeyRing);
    const wallet = anEvmWallet();
    await userIdBy(wallet);
    const before = await inventoryOf(app);
    const { message, payload } = bodyOf(await askToSignIn(app, demo, wallet));

    for (let count = 0; count < 5; count += 1) {
      const challengeId = mintToken(ring, 'cs_wc', randomBytes(32));
      const answer = await wallet.answer({ message, payload, challengeId } as never);
      const refused = await post({ applicationId: demo.applicationId, ...answer });
      expectProblem(refused, 401, 'wallet.challenge_invalid');
    }
    expect(await inventoryOf(app)).toEqual(before);
  });
});

function sessionBy(answer: request.Response): PersonSession {
  expect(answer.status).toBe(200);
  return sessionOf(app, answer.body as SignInBody, aPerson(), () => ({}));
}

const link = async (session: PersonSession, wallet: TestWallet) =>
  session.post('/v1/me/identities/wallets', await walletProof(session, wallet, 'link'));

const merge = async (session: PersonSession, wallet: TestWallet) =>
  session.post('/v1/me/merges', await walletProof(session, wallet, 'merge'));

/** A page of somebody else gets its visitor to sign the message of Metapro, which does not say for whom it is. */
describe('who passes on a signature that names no site', () => {
  it('gets the wallet into no account of theirs', async () => {
    const victim = anEvmWallet();
    const attacker = await aSteppedUp(app, site);

    expectProblem(await link(attacker, asKind(victim, 'metapro')), 403, 'auth.assurance_too_low');

    const own = sessionBy(await signInByWallet(app, site, victim));
    expect(own.userId).not.toBe(attacker.userId);
    expect(own.assurance).toBe('platform');
  });

  it('keeps nothing of an account that they founded before its holder came', async () => {
    const victim = anEvmWallet();
    const forged = sessionBy(await signInByWallet(app, site, asKind(victim, 'metapro')));
    expect(forged.assurance).toBe('vendor');

    const holder = sessionBy(await signInByWallet(app, site, victim));

    expect(holder.userId).toBe(forged.userId);
    expect(await isLive(app, forged)).toBe(false);
    expect(await isLive(app, holder)).toBe(true);
  });

  it('neither merges the account of the wallet nor reaches what asks for its level', async () => {
    const victim = anEvmWallet();
    const holder = sessionBy(await signInByWallet(app, site, victim));
    const attacker = await aSteppedUp(app, site);

    expectProblem(await merge(attacker, asKind(victim, 'metapro')), 403, 'auth.assurance_too_low');
    const inside = sessionBy(await signInByWallet(app, site, asKind(victim, 'metapro')));
    expect(inside.userId).toBe(holder.userId);
    for (const call of [
      inside.get('/v1/me/export'),
      link(inside, anEvmWallet()),
      merge(inside, anEvmWallet()),
    ])
      expect((await call).status).toBe(403);
    expect(await isLive(app, holder)).toBe(true);
  });
});

describe('who has a page of their own and an account', () => {
  it('cannot use a signature of another application’s site', async () => {
    const phishing = await app.createApplication({
      trust: 'third-party',
      origins: ['https://third.example'],
      settings: { wallets: { createsAccounts: true } },
    });
    const victim = anEvmWallet();
    await signInByWallet(app, site, victim);
    const wanted = bodyOf(await askToSignIn(app, site, victim));
    const shown = bodyOf(await askToSignIn(app, phishing, victim));
    const { signature } = (await victim.answer(shown)) as { signature: string };

    const attempts = [
      { applicationId: site.applicationId, challengeId: wanted.challengeId, signature },
      { applicationId: site.applicationId, challengeId: shown.challengeId, signature },
    ];

    const [first, second] = attempts.map((body) => app.http.post('/v1/auth/wallets').send(body));
    expectProblem(await (first as request.Test), 401, 'wallet.signature_invalid');
    expectProblem(await (second as request.Test), 401, 'wallet.challenge_invalid');
  });
});

describe('a wallet of a test network', () => {
  it('is told by the text of the message what they are asked to agree to', async () => {
    const session = await aSteppedUp(app, site);
    const texts = await Promise.all(
      ['link', 'step-up', 'merge'].map(async (purpose) => {
        const { address } = anEvmWallet();
        const body = { kind: 'siwe', address, purpose };
        return bodyOf(await session.post('/v1/wallets/challenges', body)).message?.split('\n')[3];
      }),
    );

    expect(texts).toEqual([
      'Link this wallet to the account that is signed in.',
      'Confirm with this wallet an act on the account that is signed in.',
      'Merge the account of this wallet into the account that is signed in.',
    ]);
  });

  it('does not reach the account of another network', async () => {
    const wallet = aTonWallet('v5r1', 'ton:-3', now);
    const session = await aSteppedUp(app, site);
    expect((await link(session, wallet)).status).toBe(201);

    const inside = sessionBy(await signInByWallet(app, site, wallet));
    const proof = await walletProof(inside, wallet, 'step-up');
    expectProblem(await inside.post('/v1/me/step-up', proof), 403, 'auth.assurance_too_low');

    const loser = await signInPerson(app, site);
    expect((await loser.stepUp()).status).toBe(200);
    expectProblem(await merge(loser, wallet), 403, 'auth.assurance_too_low');
  });
});
