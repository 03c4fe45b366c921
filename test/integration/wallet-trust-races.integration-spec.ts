import type request from 'supertest';
import { aPerson, times } from '../factories';
import { settleAttachments } from '../support/accounts';
import { chainsDocument } from '../support/chains';
import { useFakeNode } from '../support/fake-node';
import { aSteppedUp, linkWallet, sendLink, walletSession, walletsOf } from '../support/linked-wallets';
import { isLive, sessionOf } from '../support/person-session';
import { answerAsToncenter, answeredNumber } from '../support/toncenter';
import { useApplication, useTestApp } from '../support/use-test-app';
import {
  anEvmWallet,
  aTelegramWallet,
  signInByWallet,
  SITE,
  walletProof,
  type TelegramWallet,
} from '../support/wallets';

const wide = { DATABASE_POOL_SIZE: '12' };

describe('a wallet that is unlinked while it is used', () => {
  const app = useTestApp(() => ({ environment: wide }));
  const demo = useApplication(app, { origins: [SITE] });
  const sessionsIn = (answers: readonly request.Response[]) =>
    answers
      .filter(({ status }) => status === 200)
      .map(({ body }) => sessionOf(app, body as Parameters<typeof sessionOf>[1], aPerson(), () => ({})));
  const expectNone5xx = (answers: readonly request.Response[]): void =>
    expect(answers.filter(({ status }) => status >= 500).map(({ body }) => body as unknown)).toEqual([]);

  it('leaves neither a session nor a row', async () => {
    for (let round = 0; round < 6; round += 1) {
      const wallet = anEvmWallet();
      const person = await aSteppedUp(app, demo);
      const { walletId } = await linkWallet(person, wallet);
      await settleAttachments(app);

      const answers = await Promise.all([
        person.delete(`/v1/wallets/${walletId}`).then((answer) => answer),
        sendLink(person, wallet),
        ...times(4, () => signInByWallet(app, demo, wallet)),
      ]);

      expectNone5xx(answers);
      const left = await walletsOf(person);
      for (const session of sessionsIn(answers.slice(2)))
        if (await isLive(app, session)) expect(left).toHaveLength(1);
      const astray = await app.database.query(
        `SELECT 1 FROM identities i LEFT JOIN wallets w ON w.identity_id = i.id
         WHERE i.user_id = $1 AND i.provider = 'ethereum' AND w.id IS NULL
         UNION ALL SELECT 1 FROM sessions s LEFT JOIN identities i ON i.id = s.identity_id
         WHERE s.user_id = $1 AND s.ended_at IS NULL AND i.id IS NULL`,
        [person.userId],
      );
      expect(astray).toEqual([]);
    }
  });
});

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
