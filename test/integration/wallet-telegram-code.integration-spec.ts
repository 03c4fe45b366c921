import { toNano } from '@ton/core';
import { expectProblem } from '../support/expect-problem';
import { aSteppedUp, linkWallet, sendLink } from '../support/linked-wallets';
import { installTelegramCode, rotateKey } from '../support/ton/telegram-contract';
import { useTonApi } from '../support/ton/ton-api';
import { TonNetwork } from '../support/ton/ton-network';
import { tonChains } from '../support/ton/ton-owner';
import { useFixture } from '../support/use-fixture';
import { useApplication, useTestApp } from '../support/use-test-app';
import { aTelegramWallet, signInByWallet, SITE, walletProof, type TelegramWallet } from '../support/wallets';

/** Runs the code that the main network has for the wallets inside Telegram. */
describe('the wallet inside Telegram, by its own code', () => {
  const network = useFixture(async () => {
    const made = await TonNetwork.create();
    installTelegramCode(made);
    return made;
  });
  const [first, second] = [useTonApi(network), useTonApi(network)];
  const app = useTestApp(() => ({ environment: { CHAINS: tonChains([first, second]) } }));
  const demo = useApplication(app, { origins: [SITE], settings: { wallets: { createsAccounts: true } } });
  const aWallet = (): TelegramWallet => aTelegramWallet(() => app.clock.now());

  async function aDeployed(): Promise<TelegramWallet> {
    const wallet = aWallet();
    const { address, init } = wallet.contract;
    await network.pay(address, toNano('5'), { init });
    return wallet;
  }

  it('is linked before it is deployed, and signs in by the same key after it', async () => {
    const wallet = aWallet();
    const session = await aSteppedUp(app, demo);
    expect(await linkWallet(session, wallet)).toMatchObject({ assurance: 'platform', proof: { nodes: 2 } });
    const { address, init } = wallet.contract;
    await network.pay(address, toNano('5'), { init });

    const answer = await signInByWallet(app, demo, wallet);

    expect(answer.body).toMatchObject({ isNewUser: false, userId: session.userId, assurance: 'platform' });
    expect(first.asked).toContain('runGetMethod');
  });

  it('never proves anything again by a key that its contract has given up', async () => {
    const anchor = await aDeployed();
    const founded = await signInByWallet(app, demo, anchor);
    const { userId } = founded.body as { userId: string };
    const next = await rotateKey(network, anchor);
    const last = await rotateKey(network, next);

    for (const retired of [anchor, next]) {
      expectProblem(await signInByWallet(app, demo, retired), 401, 'wallet.public_key_mismatch');
      const session = await aSteppedUp(app, demo);
      expectProblem(await sendLink(session, retired), 401, 'wallet.public_key_mismatch');
      const proof = await walletProof(session, retired, 'step-up');
      expectProblem(await session.post('/v1/me/step-up', proof), 401, 'wallet.public_key_mismatch');
    }
    expect((await signInByWallet(app, demo, last)).body).toMatchObject({ isNewUser: false, userId });
  });

  it('signs in by another key, and consents to nothing', async () => {
    const wallet = await aDeployed();
    const session = await aSteppedUp(app, demo);
    await linkWallet(session, wallet);
    const rotated = await rotateKey(network, wallet);

    expect((await signInByWallet(app, demo, rotated)).status).toBe(200);

    const again = await aSteppedUp(app, demo, session.person);
    const proof = await walletProof(again, rotated, 'step-up');
    expectProblem(await again.post('/v1/me/step-up', proof), 403, 'wallet.key_changed');
  });
});
