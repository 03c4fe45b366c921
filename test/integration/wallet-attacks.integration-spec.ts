import { randomBytes } from 'node:crypto';
import { Address } from '@ton/core';
import { KeyRing, mintToken } from '@countersign/crypto';
import { aPerson, countBy, type SignInBody } from '../factories';
import { settleAttachments } from '../support/accounts';
import { expectProblem } from '../support/expect-problem';
import { inventoryOf } from '../support/inventory';
import { aSteppedUp, linkWallet } from '../support/linked-wallets';
import { anOperator } from '../support/operator';
import { aLoginCode } from '../support/login-code';
import { isLive, signInPerson } from '../support/person-session';
import { statementsOf } from '../support/statement-count';
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
  type TestWallet,
} from '../support/wallets';

const app = useTestApp();
const demo = useApplication(app, { origins: [SITE] });
const founding = useApplication(app, { origins: [SITE], settings: { wallets: { createsAccounts: true } } });

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

  it('does not sign for the chain that another message names', async () => {
    const wallet = anEvmWallet('siwe', 'eip155:1');
    await userIdBy(wallet);
    const { applicationId } = founding;
    const [one, other] = [
      bodyOf(await askToSignIn(app, founding, wallet)),
      bodyOf(await askToSignIn(app, founding, wallet, { chainId: 'eip155:10' })),
    ];
    const swapped = { ...(await wallet.answer(one)), challengeId: other.challengeId };

    expectProblem(await post({ applicationId, ...swapped }), 401, 'wallet.signature_invalid');
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

  it('names neither the person nor the strength of a proof', async () => {
    const wallet = anEvmWallet();
    const session = await aSteppedUp(app, demo);
    for (const smuggled of [
      { userId: session.userId },
      { purpose: 'link' },
      { assurance: 'platform' },
      { subject: wallet.subject },
      { chainId: 'eip155:1' },
      { kind: 'siwe' },
      { address: wallet.address },
    ]) {
      const body = await walletSignInBody(app, founding, wallet);
      expectProblem(await post({ ...body, ...smuggled }), 400, 'request.unknown_field');
    }
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
