import type request from 'supertest';
import { auditOf } from '../support/audit';
import { chainsDocument } from '../support/chains';
import { settleAttachments } from '../support/accounts';
import { expectProblem } from '../support/expect-problem';
import { useFakeNode, type FakeNode } from '../support/fake-node';
import { aSteppedUp, linkWallet, sendLink, walletSession } from '../support/linked-wallets';
import type { PersonSession } from '../support/person-session';
import { answerAsToncenter, answeredNumber } from '../support/toncenter';
import { useApplication, useTestApp } from '../support/use-test-app';
import {
  aTelegramWallet,
  signInByWallet,
  SITE,
  type TelegramWallet,
  walletProof,
  walletSignInBody,
  type TestWallet,
} from '../support/wallets';

const settings = { wallets: { createsAccounts: true } };

/** The endpoint says that the wallet is deployed, with its present key. */
function deploy(fake: FakeNode, { publicKey }: TelegramWallet): void {
  const key = `0x${publicKey.replace(/^0+/, '')}`;
  answerAsToncenter(fake, { methods: { get_public_key: answeredNumber(key) } });
}

function undeploy(fake: FakeNode): void {
  answerAsToncenter(fake, { state: 'uninitialized' });
}

/** The wallet with another answer to challenges. */
function answering(
  wallet: TestWallet,
  change: (tonProof: Record<string, unknown>) => Record<string, unknown>,
): TestWallet {
  return {
    ...wallet,
    answer: async (challenge) => {
      const answer = (await wallet.answer(challenge)) as { tonProof: Record<string, unknown> };
      return { ...answer, tonProof: change(answer.tonProof) };
    },
  };
}

const withoutClaim = (wallet: TestWallet): TestWallet =>
  answering(wallet, ({ publicKey: _, ...rest }) => rest);

const stepUp = async (session: PersonSession, wallet: TestWallet): Promise<request.Response> =>
  session.post('/v1/me/step-up', await walletProof(session, wallet, 'step-up'));

const merge = async (session: PersonSession, wallet: TestWallet): Promise<request.Response> =>
  session.post('/v1/me/merges', await walletProof(session, wallet, 'merge'));

describe('the wallet inside Telegram', () => {
  const first = useFakeNode();
  const second = useFakeNode();
  const chain = (chainId: string, ...fakes: readonly FakeNode[]): object => ({
    chainId,
    rpcUrls: fakes.map(({ url }) => url),
    mayNameAddresses: true,
    timeLimitMs: 2_000,
  });
  const app = useTestApp(() => ({
    environment: { CHAINS: chainsDocument(chain('ton:-239', first)) },
  }));
  const sure = useTestApp(() => ({
    environment: { CHAINS: chainsDocument(chain('ton:-239', first, second)) },
  }));
  const demo = useApplication(app, { origins: [SITE], settings });
  const game = useApplication(sure, { origins: [SITE], settings });
  const aWallet = (): TelegramWallet => aTelegramWallet(() => app.clock.now());

  it('signs in before it is deployed, with the key of its address', async () => {
    const wallet = aWallet();
    undeploy(first);

    const answer = await signInByWallet(app, demo, wallet);

    expect(answer.body).toMatchObject({ isNewUser: true, assurance: 'bot-token' });
    expect(first.methods()).not.toContain('runGetMethod');
    expectProblem(await signInByWallet(app, demo, wallet.rotated()), 401, 'wallet.public_key_mismatch');
    expectProblem(
      await signInByWallet(app, demo, withoutClaim(wallet.rotated())),
      401,
      'wallet.signature_invalid',
    );
  });

  it('is as sure as the endpoints that agree, and refused where they do not', async () => {
    const wallet = aTelegramWallet(() => sure.clock.now());
    undeploy(first);
    undeploy(second);
    expect((await signInByWallet(sure, game, wallet)).body).toMatchObject({ assurance: 'platform' });

    // One of them lies about a wallet whose first key is retired.
    deploy(first, wallet.rotated());
    expectProblem(await signInByWallet(sure, game, wallet), 401, 'wallet.signature_invalid');
    expectProblem(await signInByWallet(sure, game, withoutClaim(wallet)), 401, 'wallet.signature_invalid');
  });

  it('is neither signed in nor refused while the endpoint is away', async () => {
    first.goAway();

    expectProblem(await signInByWallet(app, demo, aWallet()), 503, 'chain.unavailable');
  });

  describe('that is linked', () => {
    const deployAtBoth = (wallet: TelegramWallet) => {
      deploy(first, wallet);
      deploy(second, wallet);
    };

    it('signs in with a new key at once, and does no more until it is linked again', async () => {
      const wallet = aTelegramWallet(() => sure.clock.now());
      deployAtBoth(wallet);
      const session = await aSteppedUp(sure, game);
      const linked = await linkWallet(session, wallet);
      await settleAttachments(sure);
      const rotated = wallet.rotated();
      deployAtBoth(rotated);

      expectProblem(await stepUp(session, rotated), 403, 'wallet.key_changed');
      expectProblem(await merge(await aSteppedUp(sure, game), rotated), 403, 'wallet.key_changed');
      const inside = await walletSession(sure, game, rotated);
      expect(inside.userId).toBe(session.userId);
      expectProblem(await inside.delete(`/v1/me?confirm=${inside.userId}`), 403, 'account.step_up_required');
      const [noted] = await auditOf(sure, { action: 'wallet.changed' });
      expect(noted).toMatchObject({ actor: 'system', details: { fields: 'key' } });
      expectProblem(await stepUp(inside, rotated), 403, 'wallet.key_changed');
      expectProblem(await stepUp(session, rotated), 403, 'wallet.key_changed');

      expect((await session.delete(`/v1/wallets/${linked.walletId}`)).status).toBe(204);
      const again = await aSteppedUp(sure, game, session.person);
      await linkWallet(again, rotated);
      expect((await stepUp(again, rotated)).status).toBe(200);
      const later = rotated.rotated();
      deployAtBoth(later);
      expect((await again.delete(`/v1/me?confirm=${again.userId}`)).status).toBe(202);
      const cancelling = { ...(await walletSignInBody(sure, game, later)), cancelErasure: true };
      expectProblem(await sure.http.post('/v1/auth/wallets').send(cancelling), 403, 'user.erasure_pending');
    });

    it('is compared with the key that it was linked with, also after a proof of another one for a link', async () => {
      const wallet = aWallet();
      deploy(first, wallet);
      const session = await aSteppedUp(app, demo);
      await linkWallet(session, wallet);
      const rotated = wallet.rotated();
      deploy(first, rotated);
      expectProblem(await sendLink(session, rotated), 403, 'wallet.key_changed');
      const proof = await walletProof(session, rotated, 'step-up');
      expectProblem(await session.post('/v1/me/step-up', proof), 403, 'wallet.key_changed');
    });

    it('is compared with its former key, when it gave no state init, as each wallet whose key the contract names', async () => {
      const wallet = aWallet();
      deploy(first, wallet);
      const session = await aSteppedUp(app, demo);
      await linkWallet(
        session,
        answering(wallet, ({ walletStateInit: _, ...rest }) => rest),
      );
      const rotated = wallet.rotated();
      deploy(first, rotated);

      await walletSession(app, demo, rotated);

      const proof = await walletProof(session, rotated, 'step-up');
      expectProblem(await session.post('/v1/me/step-up', proof), 403, 'wallet.key_changed');
    });
  });
});

describe('the wallet inside Telegram where no endpoint is configured', () => {
  const app = useTestApp();
  const demo = useApplication(app, { origins: [SITE], settings });

  it('is refused with a code of its own', async () => {
    const wallet = aTelegramWallet(() => app.clock.now());
    const without = answering(wallet, ({ walletStateInit: _, ...rest }) => rest);

    expectProblem(await signInByWallet(app, demo, wallet), 422, 'wallet.network_not_configured');
    expectProblem(await signInByWallet(app, demo, without), 422, 'wallet.network_not_configured');
  });
});
