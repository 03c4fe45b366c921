import { times } from '../factories';
import { chainsDocument } from '../support/chains';
import { useFakeNode } from '../support/fake-node';
import { aSteppedUp, linkWallet, walletSession } from '../support/linked-wallets';
import { answerAsToncenter, answeredNumber } from '../support/toncenter';
import { useApplication, useTestApp } from '../support/use-test-app';
import { aTelegramWallet, signInByWallet, SITE, walletProof, type TelegramWallet } from '../support/wallets';

const wide = { DATABASE_POOL_SIZE: '12' };

describe('the wallet inside Telegram whose key rotates while it is used', () => {
  const first = useFakeNode();
  const second = useFakeNode();
  const app = useTestApp(() => ({
    environment: {
      ...wide,
      CHAINS: chainsDocument({
        chainId: 'ton:-239',
        rpcUrls: [first.url, second.url],
        mayNameAddresses: true,
        requestsPerSecond: 10_000,
      }),
    },
  }));
  const demo = useApplication(app, { origins: [SITE] });
  const deploy = ({ publicKey }: TelegramWallet): void => {
    const methods = { get_public_key: answeredNumber(`0x${publicKey.replace(/^0+/, '')}`) };
    for (const fake of [first, second]) answerAsToncenter(fake, { methods });
  };

  it('steps up by the new key in no session, however many sign-ins by it meet', async () => {
    for (let round = 0; round < 4; round += 1) {
      const wallet = aTelegramWallet(() => app.clock.now());
      deploy(wallet);
      const person = await aSteppedUp(app, demo);
      await linkWallet(person, wallet);
      const inside = await walletSession(app, demo, wallet);
      const rotated = wallet.rotated();
      deploy(rotated);
      const proofs = await Promise.all(times(5, () => walletProof(inside, rotated, 'step-up')));

      const answers = await Promise.all([
        ...proofs.map((proof) => inside.post('/v1/me/step-up', proof)),
        ...times(5, () => signInByWallet(app, demo, rotated)),
      ]);

      const statuses = answers.map(({ status }) => status);
      expect(statuses).toEqual([...times(5, () => 403), ...times(5, () => 200)]);
    }
  });
});
