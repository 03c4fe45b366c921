import { Client } from 'pg';
import type request from 'supertest';
import { aPerson, times } from '../factories';
import { settleAttachments } from '../support/accounts';
import { chainsDocument } from '../support/chains';
import { expectProblem } from '../support/expect-problem';
import { useFakeNode } from '../support/fake-node';
import {
  aSteppedUp,
  confirmOwners,
  linkWallet,
  sendLink,
  walletSession,
  walletsOf,
} from '../support/linked-wallets';
import { isLive, sessionOf } from '../support/person-session';
import { answerAsToncenter, answeredNumber } from '../support/toncenter';
import { until } from '../support/until';
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
      const linked = await linkWallet(person, wallet);
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
      const [shown] = await walletsOf(inside);
      expect(shown?.ownersChangedAt).not.toBeNull();
      expect((await confirmOwners(inside, linked)).status).toBe(403);
      expect((await confirmOwners(person, linked)).body).toMatchObject({ ownersChangedAt: null });
      expect(
        (await inside.post('/v1/me/step-up', await walletProof(inside, rotated, 'step-up'))).status,
      ).toBe(200);
    }
  });

  it('is not confirmed for a key that is not known yet', async () => {
    const wallet = aTelegramWallet(() => app.clock.now());
    deploy(wallet);
    const person = await aSteppedUp(app, demo);
    const { walletId } = await linkWallet(person, wallet);
    const rotated = wallet.rotated();
    deploy(rotated);
    const stepUp = async (): Promise<number> =>
      (await person.post('/v1/me/step-up', await walletProof(person, rotated, 'step-up'))).status;
    expect(await stepUp()).toBe(403);

    expect((await confirmOwners(person, { walletId })).status).toBe(200);

    expect(await stepUp()).toBe(403);
    expect((await signInByWallet(app, demo, rotated)).status).toBe(200);
    expect(await stepUp()).toBe(403);
    expect((await walletsOf(person))[0]?.ownersChangedAt).not.toBeNull();
  });

  it.each<[string, number, number]>([
    ['before', 0, 409],
    ['after', 1, 200],
  ])('stays in doubt by a change right %s the confirmation of the one before', async (_, index, status) => {
    const wallet = aTelegramWallet(() => app.clock.now());
    deploy(wallet);
    const person = await aSteppedUp(app, demo);
    const { walletId } = await linkWallet(person, wallet);
    const seen = wallet.rotated();
    deploy(seen);
    const inside = await walletSession(app, demo, seen);
    const [shown] = await walletsOf(person);
    const next = seen.rotated();
    deploy(next);
    // Both are found in the same millisecond.
    const path = `/v1/wallets/${walletId}`;
    const confirm = { ownersConfirmed: shown?.ownersChanges };
    const works: (() => Promise<request.Response>)[] = [
      () => person.patch(path, confirm).then((done) => done),
    ];
    works.splice(index, 0, () => signInByWallet(app, demo, next));
    const client = new Client({ connectionString: app.database.url });
    await client.connect();
    try {
      await client.query('BEGIN');
      await client.query('SELECT 1 FROM users WHERE id = $1 FOR UPDATE', [person.userId]);
      const answers: Promise<request.Response>[] = [];
      for (const work of works) {
        answers.push(work());
        await until(() => app.isWaitingFor('', answers.length));
      }
      await client.query('COMMIT');

      const statuses = (await Promise.all(answers)).map((answer) => answer.status);
      expect(statuses).toEqual(index === 0 ? [200, status] : [status, 200]);
      expect(await walletsOf(person)).toMatchObject([
        { ownersChangedAt: shown?.ownersChangedAt, ownersChanges: 2 },
      ]);
      const stepUp = await inside.post('/v1/me/step-up', await walletProof(inside, next, 'step-up'));
      expectProblem(stepUp, 403, 'wallet.owners_not_confirmed');
      expectProblem(await person.patch(path, confirm), 409, 'wallet.owners_changed_again');
      expect((await confirmOwners(person, { walletId })).body).toMatchObject({ ownersChangedAt: null });
      // What cleared a change clears no later one.
      expectProblem(await person.patch(path, confirm), 409, 'wallet.owners_changed_again');
    } finally {
      await client.end();
    }
  });

  it('is confirmed for the key that a session saw, however many confirmations and rotations meet', async () => {
    const wallet = aTelegramWallet(() => app.clock.now());
    deploy(wallet);
    const person = await aSteppedUp(app, demo);
    const linked = await linkWallet(person, wallet);
    const inside = await walletSession(app, demo, wallet);
    let present = wallet;
    for (let round = 0; round < 6; round += 1) {
      present = present.rotated();
      deploy(present);
      const proof = await walletProof(inside, present, 'step-up');

      const [, , stepUp] = await Promise.all([
        signInByWallet(app, demo, present),
        person.patch(`/v1/wallets/${linked.walletId}`, { ownersConfirmed: round + 1 }),
        inside.post('/v1/me/step-up', proof),
      ]);

      const [shown] = await walletsOf(inside);
      // Only a confirmation that came after the sign-in lets the key do more.
      if (stepUp.status === 200) expect(shown?.ownersChangedAt).toBeNull();
      const later = await inside.post('/v1/me/step-up', await walletProof(inside, present, 'step-up'));
      expect(later.status).toBe(shown?.ownersChangedAt === null ? 200 : 403);
      expect((await confirmOwners(person, linked)).status).toBe(200);
    }
  });
});
