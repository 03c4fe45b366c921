import type request from 'supertest';
import { hashMessage } from 'viem';
import { HOUR } from '@countersign/clock';
import { WalletChecks } from '@countersign/linked-wallets';
import { settleAttachments } from '../support/accounts';
import { anvilAccount, describeWithAnvil, useAnvil, type Deployed } from '../support/anvil';
import { anvilChain, chainsDocument } from '../support/chains';
import { ANVIL_CHAIN, contractWallet, sharedWallet } from '../support/contract-wallets';
import { auditOf } from '../support/audit';
import { expectProblem } from '../support/expect-problem';
import { useFakeNode } from '../support/fake-node';
import {
  aSteppedUp,
  confirmOwners,
  letSignIn,
  linkWallet,
  linkWeakly,
  sendLink,
  walletSession,
  walletsOf,
} from '../support/linked-wallets';
import { isLive, signInPerson, type PersonSession } from '../support/person-session';
import { useApplication, useTestApp } from '../support/use-test-app';
import {
  anEvmWallet,
  askToSignIn,
  aTonWallet,
  bodyOf,
  signInByWallet,
  SITE,
  walletProof,
  type TestWallet,
} from '../support/wallets';

const stepUp = async (session: PersonSession, wallet: TestWallet): Promise<request.Response> =>
  session.post('/v1/me/step-up', await walletProof(session, wallet, 'step-up'));

const merge = async (session: PersonSession, wallet: TestWallet): Promise<request.Response> =>
  session.post('/v1/me/merges', await walletProof(session, wallet, 'merge'));

const change = (
  session: PersonSession,
  { walletId }: { readonly walletId: string },
  patch: object,
): request.Test => session.patch(`/v1/wallets/${walletId}`, patch);

describeWithAnvil('what a linked wallet is good for', () => {
  const anvil = useAnvil();
  const second = useFakeNode(() => anvil.url);
  const app = useTestApp(() => ({
    environment: {
      // Two nodes that agree: its proofs count as much as those of keys.
      CHAINS: chainsDocument(anvilChain([anvil.url, second.url], { timeLimitMs: 2_000 })),
    },
  }));
  const demo = useApplication(app, { origins: [SITE] });
  const founding = useApplication(app, {
    origins: [SITE],
    settings: { wallets: { createsAccounts: true } },
  });
  const owners = [1, 2, 3, 4, 5].map(anvilAccount);
  const [first, colleague] = [anvilAccount(1), anvilAccount(2)];
  const buyer = anvilAccount(6);
  const aSafe = (threshold = 1n): Promise<Deployed> =>
    anvil.deploy('SharedWallet', [owners.map(({ address }) => address), threshold]);
  const aContract = (): Promise<Deployed> => anvil.deploy('OwnedWallet', [first.address]);
  const sell = (deployed: Deployed) => anvil.write(deployed, 'setOwner', [buyer.address], { from: first });
  const observe = async (): Promise<void> => {
    const longAgo = new Date(app.clock.now().getTime() - 7 * HOUR);
    await app.database.query('UPDATE wallets SET checked_at = $1', [longAgo]);
    await app.nest.get(WalletChecks).run();
  };
  const countUsers = async (): Promise<unknown> => app.database.query('SELECT count(*) FROM users');

  describe('a company Safe of five owners, linked by one of them', () => {
    it('opens her account to none of the other four, and to herself only once she allowed it', async () => {
      const { address } = await aSafe();
      const person = await aSteppedUp(app, demo);
      const linked = await linkWallet(person, sharedWallet(address, [first]));
      expect(linked).toMatchObject({ assurance: 'platform', canSignIn: false, proof: { nodes: 2 } });
      const before = await countUsers();

      for (const application of [demo, founding])
        for (const owner of owners)
          expectProblem(
            await signInByWallet(app, application, sharedWallet(address, [owner])),
            403,
            'wallet.sign_in_not_allowed',
          );

      expect(await countUsers()).toEqual(before);
      const allowed = await letSignIn(person, linked);
      expect(allowed).toMatchObject({ walletId: linked.walletId, canSignIn: true });
      const { body } = await signInByWallet(app, demo, sharedWallet(address, [first]));
      expect(body).toMatchObject({ userId: person.userId, isNewUser: false });
    });

    it('gives her account to no account of the others', async () => {
      const { address } = await aSafe();
      const person = await aSteppedUp(app, demo);
      const linked = await linkWallet(person, sharedWallet(address, [first]));
      const other = await aSteppedUp(app, demo);
      const ofOther = sharedWallet(address, [colleague]);

      expectProblem(await merge(other, ofOther), 403, 'wallet.sign_in_not_allowed');
      expectProblem(await sendLink(other, ofOther), 409, 'identity.belongs_to_another');
      expectProblem(await change(other, linked, { canSignIn: true }), 404, 'wallet.not_found');

      expect(await isLive(app, person)).toBe(true);
      expect(await walletsOf(person)).toMatchObject([{ canSignIn: false }]);
      // Nor does it help with a session of hers that was lost.
      const lost = await signInPerson(app, demo, person.person);
      expectProblem(await stepUp(lost, ofOther), 403, 'wallet.sign_in_not_allowed');
      expectProblem(await change(lost, linked, { canSignIn: true }), 403, 'account.step_up_required');
    });

    it('is allowed to sign in by what two owners approved on the chain too', async () => {
      const safe = await aSafe(2n);
      const wallet = sharedWallet(safe.address, []);
      const person = await aSteppedUp(app, demo);
      const approved = async (purpose: string, forContract = false): Promise<object> => {
        const { kind, address, chainId } = wallet;
        const { body } = await person.post('/v1/wallets/challenges', {
          kind,
          address,
          chainId,
          purpose,
          forContract,
        });
        const { challengeId, message } = body as { challengeId: string; message: string };
        const hash = hashMessage(message);
        for (const owner of [first, colleague]) await anvil.write(safe, 'approve', [hash], { from: owner });
        return { challengeId, signature: '0x' };
      };
      expectProblem(await sendLink(person, wallet), 401, 'wallet.signature_invalid');

      const linked = await person.post('/v1/wallets/links', { ...(await approved('link')), canSignIn: true });

      expect(linked.body).toMatchObject({ chainId: wallet.chainId, canSignIn: false });
      await letSignIn(person, linked.body as { walletId: string });
      expect((await stepUp(person, sharedWallet(safe.address, [first, colleague]))).status).toBe(200);
    });
  });

  describe('a challenge for a contract wallet', () => {
    it('is not used up by an attempt without a step-up', async () => {
      const { address } = await aSafe();
      const session = await signInPerson(app, demo);
      const answer = await walletProof(session, sharedWallet(address, [first]), 'link');
      expectProblem(
        await session.post('/v1/wallets/links', { ...answer, canSignIn: true }),
        403,
        'account.step_up_required',
      );

      const steppedUp = await aSteppedUp(app, demo, session.person);

      expect((await steppedUp.post('/v1/wallets/links', { ...answer, canSignIn: true })).status).toBe(201);
    });

    const ask = async (
      session: PersonSession,
      { kind, address, chainId }: TestWallet,
      extra: object = {},
    ): Promise<request.Response> =>
      session.post('/v1/wallets/challenges', { kind, address, chainId, forContract: true, ...extra });

    it('is answered within a day, once, and by its person only', async () => {
      const safe = await aSafe(2n);
      const wallet = sharedWallet(safe.address, [first, colleague]);
      const person = await aSteppedUp(app, demo);
      const [challenge, late] = [bodyOf(await ask(person, wallet)), bodyOf(await ask(person, wallet))];
      expect(Date.parse(challenge.expiresAt) - app.clock.now().getTime()).toBe(24 * HOUR);
      expect(challenge.message).toContain(`Expiration Time: ${challenge.expiresAt}`);
      const answer = await wallet.answer(challenge);
      app.clock.advance(23 * 3_600);
      const other = await aSteppedUp(app, demo);
      expectProblem(
        await other.post('/v1/wallets/links', { ...answer, canSignIn: true }),
        401,
        'wallet.challenge_invalid',
      );
      expectProblem(
        await other.post('/v1/wallets/links', { ...(await wallet.answer(late)), canSignIn: true }),
        401,
        'wallet.challenge_invalid',
      );

      const again = await aSteppedUp(app, demo, person.person);

      expectProblem(
        await again.post('/v1/wallets/links', { ...answer, canSignIn: true }),
        401,
        'wallet.challenge_used',
      );
      const third = bodyOf(await ask(again, wallet));
      app.clock.advance(23 * 3_600);
      const next = await aSteppedUp(app, demo, person.person);
      expect(
        (await next.post('/v1/wallets/links', { ...(await wallet.answer(third)), canSignIn: true })).status,
      ).toBe(201);
      expectProblem(
        await next.post('/v1/wallets/links', { ...(await wallet.answer(third)), canSignIn: true }),
        401,
        'wallet.challenge_used',
      );
      const last = bodyOf(await ask(next, wallet));
      app.clock.advance(24 * 3_600);
      const tooLate = await aSteppedUp(app, demo, person.person);
      expectProblem(
        await tooLate.post('/v1/wallets/links', { ...(await wallet.answer(last)), canSignIn: true }),
        401,
        'wallet.challenge_expired',
      );
    });

    it('is answered by no key, for no step-up, and on no chain without nodes', async () => {
      const person = await aSteppedUp(app, demo);
      const key = anEvmWallet('siwe', ANVIL_CHAIN);
      expectProblem(
        await person.post('/v1/wallets/links', {
          ...(await key.answer(bodyOf(await ask(person, key)))),
          canSignIn: true,
        }),
        401,
        'wallet.signature_invalid',
      );
      for (const [wallet, extra] of [
        [key, { purpose: 'step-up' }],
        [aTonWallet(), {}],
      ] as const)
        expectProblem(await ask(person, wallet, extra), 400, 'request.invalid');
      expectProblem(await ask(person, anEvmWallet('siwe', 'eip155:10')), 400, 'wallet.chain_invalid');
    });

    it('does not outlive the end of all sessions', async () => {
      const { address } = await aContract();
      const wallet = contractWallet(address, first);
      const open = await app.createApplication({
        origins: [SITE],
        settings: { wallets: { createsAccounts: true, contractsCreateAccounts: true } },
      });
      const person = await walletSession(app, open, wallet);
      const challenge = bodyOf(await askToSignIn(app, open, wallet, { forContract: true }));
      app.clock.advance(600);
      expect((await person.delete('/v1/me/sessions')).status).toBe(204);

      const { applicationId } = open;
      const late = await app.http
        .post('/v1/auth/wallets')
        .send({ applicationId, ...(await wallet.answer(challenge)) });

      expectProblem(late, 401, 'auth.proof_outdated');
      expect((await signInByWallet(app, open, wallet)).status).toBe(200);
    });

    it('is stored for a day, so few are given an hour', async () => {
      const person = await aSteppedUp(app, demo);
      const wallet = contractWallet(anvilAccount(1).address, first);
      const statuses: number[] = [];
      for (let count = 0; count < 21; count += 1) statuses.push((await ask(person, wallet)).status);
      expect(statuses).toEqual([...Array<number>(20).fill(201), 429]);
      const ofAddress: number[] = [];
      for (let count = 0; count < 21; count += 1)
        ofAddress.push((await askToSignIn(app, founding, wallet, { forContract: true })).status);
      expect(ofAddress.at(-1)).toBe(429);
      expect((await askToSignIn(app, founding, wallet)).status).toBe(201);
    });
  });

  describe('a contract wallet', () => {
    it('founds an account only where the application says so, and signs in to that one', async () => {
      const { address } = await aContract();
      const wallet = contractWallet(address, first);
      expectProblem(await signInByWallet(app, founding, wallet), 403, 'wallet.not_linked');
      const open = await app.createApplication({
        origins: [SITE],
        settings: { wallets: { createsAccounts: true, contractsCreateAccounts: true } },
      });

      const session = await walletSession(app, open, wallet);

      const [shown] = await walletsOf(session);
      expect(shown).toMatchObject({ canSignIn: true });
      const withdraw = (): request.Test =>
        change(session, { walletId: shown?.walletId ?? '' }, { canSignIn: false });
      expectProblem(await withdraw(), 409, 'identity.last_one');
      expect((await stepUp(session, wallet)).status).toBe(200);
      await linkWeakly(app, session, anEvmWallet());
      expectProblem(await withdraw(), 409, 'identity.last_at_level');
      expect((await signInByWallet(app, open, wallet)).body).toMatchObject({ userId: session.userId });
    });

    it('signs in to its own account again once a merge is separated, and to no other', async () => {
      const { address } = await aContract();
      const wallet = contractWallet(address, first);
      const open = await app.createApplication({
        origins: [SITE],
        settings: { wallets: { createsAccounts: true, contractsCreateAccounts: true } },
      });
      const { userId } = await walletSession(app, open, wallet);
      const survivor = await aSteppedUp(app, demo);
      expect((await merge(survivor, wallet)).status).toBe(200);
      expectProblem(await signInByWallet(app, demo, wallet), 403, 'wallet.sign_in_not_allowed');
      const { body } = await survivor.get('/v1/me/joins/separable');
      const [join] = (body as { readonly items: readonly { readonly joinId: string }[] }).items;

      const separated = await survivor.post('/v1/me/separations', { joinId: join?.joinId });

      expect(separated.status).toBe(200);
      expect((await signInByWallet(app, demo, wallet)).body).toMatchObject({ userId });
    });

    it('is allowed by no session of its own, and by none without step-up', async () => {
      const [one, two] = [await aContract(), await aContract()];
      const person = await aSteppedUp(app, demo);
      const allowed = await linkWallet(person, contractWallet(one.address, first));
      await letSignIn(person, allowed);
      const other = await linkWallet(person, contractWallet(two.address, first));
      const inside = await walletSession(app, demo, contractWallet(one.address, first));
      expectProblem(await change(inside, other, { canSignIn: true }), 403, 'account.step_up_required');

      await sell(one);
      await observe();

      // A session from before the change is of nobody knows whom.
      expectProblem(await change(inside, other, { canSignIn: true }), 403, 'wallet.other_identity_required');
      expectProblem(await confirmOwners(inside, allowed), 403, 'wallet.other_identity_required');
    });

    it('opens nothing to its new owner, until another identity of the account confirms it', async () => {
      const deployed = await aContract();
      const [before, after] = [first, buyer].map((signer) => contractWallet(deployed.address, signer));
      const person = await aSteppedUp(app, demo);
      const linked = await linkWallet(person, before as TestWallet);
      await letSignIn(person, linked);
      const inside = await walletSession(app, demo, before as TestWallet);

      await sell(deployed);
      await observe();

      const wallet = after as TestWallet;
      const inDoubt = 'wallet.owners_not_confirmed';
      for (let time = 0; time < 2; time += 1)
        expectProblem(await signInByWallet(app, demo, wallet), 403, inDoubt);
      expectProblem(await stepUp(inside, wallet), 403, inDoubt);
      expectProblem(await merge(await aSteppedUp(app, demo), wallet), 403, inDoubt);
      const again = await aSteppedUp(app, demo, person.person);
      expect((await sendLink(again, wallet)).status).toBe(200);
      expectProblem(await signInByWallet(app, demo, wallet), 403, inDoubt);
      const plain = await signInPerson(app, demo, person.person);
      expectProblem(await confirmOwners(plain, linked), 403, 'account.step_up_required');

      const confirmed = await confirmOwners(again, linked);

      expect(confirmed.body).toMatchObject({ ownersChangedAt: null, canSignIn: true });
      expect((await signInByWallet(app, demo, wallet)).body).toMatchObject({ userId: person.userId });
      await observe();
      expect((await signInByWallet(app, demo, wallet)).status).toBe(200);
    });

    it('is shut out at once, with its sessions, when its person withdraws it', async () => {
      const { address } = await aContract();
      const wallet = contractWallet(address, first);
      const person = await aSteppedUp(app, demo);
      const linked = await linkWallet(person, wallet);
      await letSignIn(person, linked);
      const inside = await walletSession(app, demo, wallet);

      expect((await change(person, linked, { canSignIn: false })).body).toMatchObject({ canSignIn: false });

      expect(await isLive(app, inside)).toBe(false);
      expect(await isLive(app, person)).toBe(true);
      expectProblem(await signInByWallet(app, demo, wallet), 403, 'wallet.sign_in_not_allowed');
      const records = await auditOf(app, { subject: linked.walletId });
      expect(records).toMatchObject([
        { action: 'wallet.linked' },
        { action: 'wallet.changed', details: { fields: 'canSignIn', canSignIn: 'true' } },
        {
          action: 'wallet.changed',
          details: { fields: 'canSignIn', canSignIn: 'false', endedSessions: '1' },
        },
      ]);
    });
  });

  it('leaves its person another way to sign in', async () => {
    const key = anEvmWallet();
    const holder = await walletSession(app, founding, key);
    expect((await stepUp(holder, key)).status).toBe(200);
    const { address } = await aContract();
    const linked = await linkWallet(holder, contractWallet(address, first));
    const [ofKey] = await walletsOf(holder);
    const unlink = (): request.Test => holder.delete(`/v1/wallets/${ofKey?.walletId}`);

    expectProblem(await unlink(), 409, 'identity.last_one');
    expectProblem(await change(holder, ofKey ?? linked, { canSignIn: false }), 409, 'wallet.no_contract');

    await letSignIn(holder, linked);
    expectProblem(await unlink(), 403, 'identity.came_recently');
    await settleAttachments(app);
    expect((await unlink()).status).toBe(204);
  });

  it('a wallet of TON whose key rotated signs in, and does no more until that is confirmed', async () => {
    const wallet = aTonWallet('v4', 'ton:-239', () => app.clock.now());
    const person = await aSteppedUp(app, demo);
    const linked = await linkWallet(person, wallet);
    await app.database.query('UPDATE wallets SET owners_changed_at = $2 WHERE id = $1', [
      linked.walletId,
      app.clock.now(),
    ]);

    const inside = await walletSession(app, demo, wallet);

    expect(inside.userId).toBe(person.userId);
    expectProblem(await stepUp(inside, wallet), 403, 'wallet.owners_not_confirmed');
    expectProblem(await merge(await aSteppedUp(app, demo), wallet), 403, 'wallet.owners_not_confirmed');
    expectProblem(await confirmOwners(inside, linked), 403, 'wallet.other_identity_required');
    expect((await confirmOwners(person, linked)).body).toMatchObject({
      ownersChangedAt: null,
      canSignIn: true,
    });
    expect((await stepUp(inside, wallet)).status).toBe(200);
  });
});
