import type request from 'supertest';
import { encodeAbiParameters, encodeFunctionData, type Address, type Hex } from 'viem';
import type { SignInBody } from '../factories';
import { anvilAccount, describeWithAnvil, useAnvil, type Deployed } from '../support/anvil';
import { anvilChain, chainsDocument } from '../support/chains';
import { ANVIL_CHAIN, contractWallet } from '../support/contract-wallets';
import { expectProblem } from '../support/expect-problem';
import { useFakeNode } from '../support/fake-node';
import {
  aSteppedUp,
  letSignIn,
  linkWallet,
  sendLink,
  walletSession,
  walletsOf,
} from '../support/linked-wallets';
import { isLive, type PersonSession } from '../support/person-session';
import { useApplication, useTestApp } from '../support/use-test-app';
import { bodyOf, signInByWallet, SITE, walletProof, type TestWallet } from '../support/wallets';

/** What a node answers whose contract says no. */
const REFUSES = `0x${'4'.padStart(64, '0')}`;
const settings = {
  metapro: { enabled: true },
  wallets: { createsAccounts: true, contractsCreateAccounts: true },
};

/** By ERC-6492: how to deploy the wallet. */
const wrapped =
  (factory: Address, call: Hex) =>
  (signature: Hex): Hex => {
    const parameters = [{ type: 'address' }, { type: 'bytes' }, { type: 'bytes' }] as const;
    return `${encodeAbiParameters(parameters, [factory, call, signature])}${'6492'.repeat(16)}`;
  };

const stepUp = async (session: PersonSession, wallet: TestWallet): Promise<request.Response> =>
  session.post('/v1/me/step-up', await walletProof(session, wallet, 'step-up'));

const merge = async (session: PersonSession, wallet: TestWallet): Promise<request.Response> =>
  session.post('/v1/me/merges', await walletProof(session, wallet, 'merge'));

describeWithAnvil('a contract wallet', () => {
  const anvil = useAnvil();
  const first = useFakeNode(() => anvil.url);
  const second = useFakeNode(() => anvil.url);
  const [owner, buyer] = [anvilAccount(1), anvilAccount(2)];
  const deploy = (): Promise<Deployed> => anvil.deploy('OwnedWallet', [owner.address]);
  const signedBy = ({ address }: Deployed, signer = owner): TestWallet => contractWallet(address, signer);
  const sell = (deployed: Deployed) => anvil.write(deployed, 'setOwner', [buyer.address], { from: owner });

  describe('of a chain with two nodes', () => {
    const app = useTestApp(() => ({
      environment: { CHAINS: chainsDocument(anvilChain([first.url, second.url], { timeLimitMs: 2_000 })) },
    }));
    const demo = useApplication(app, { origins: [SITE], settings });
    const userIdBy = async (wallet: TestWallet): Promise<string> => {
      const { status, body } = await signInByWallet(app, demo, wallet);
      expect({ status, body: body as unknown }).toMatchObject({ status: 200 });
      return (body as SignInBody).userId;
    };

    it('steps up, and merges its account into another, with the wallet as it is', async () => {
      const wallet = signedBy(await deploy());
      const loser = await walletSession(app, demo, wallet);
      expect((await stepUp(loser, wallet)).status).toBe(200);
      const [before] = await walletsOf(loser);
      const survivor = await aSteppedUp(app, demo);
      expectProblem(await sendLink(survivor, wallet), 409, 'identity.belongs_to_another');

      const merged = await merge(survivor, wallet);

      expect({ status: merged.status, body: merged.body as unknown }).toEqual({
        status: 200,
        body: { userId: survivor.userId, mergedUserId: loser.userId },
      });
      expect(await isLive(app, loser)).toBe(false);
      // The account was merged by its consent, and does not follow whoever signs for the contract later.
      expect(await walletsOf(survivor)).toEqual([{ ...before, canSignIn: false }]);
      expect(before).toMatchObject({
        chainId: ANVIL_CHAIN,
        assurance: 'platform',
        proof: { kind: 'siwe', nodes: 2 },
      });
      expectProblem(await signInByWallet(app, demo, wallet), 403, 'wallet.sign_in_not_allowed');
      await letSignIn(survivor, before ?? { walletId: '' });
      expect(await userIdBy(wallet)).toBe(survivor.userId);
    });

    it('does neither by a message that names no site', async () => {
      const deployed = await deploy();
      const wallet = signedBy(deployed);
      const holder = await walletSession(app, demo, wallet);
      const metapro = contractWallet(deployed.address, owner, { kind: 'metapro' });

      expectProblem(await stepUp(holder, metapro), 403, 'auth.assurance_too_low');
      const other = await aSteppedUp(app, demo);
      expectProblem(await merge(other, metapro), 403, 'auth.assurance_too_low');

      expect(await userIdBy(wallet)).toBe(holder.userId);
      expect(await isLive(app, holder)).toBe(true);
    });

    it('obeys its present owner only, from the next proof on', async () => {
      const deployed = await deploy();
      const wallet = signedBy(deployed);
      const person = await aSteppedUp(app, demo);
      await letSignIn(person, await linkWallet(person, wallet));
      const holder = await walletSession(app, demo, wallet);
      const other = await aSteppedUp(app, demo);
      // Signed while the owner still was one.
      const signed = await walletProof(other, wallet, 'merge');

      await sell(deployed);

      expectProblem(await other.post('/v1/me/merges', signed), 401, 'wallet.signature_invalid');
      expectProblem(await merge(other, wallet), 401, 'wallet.signature_invalid');
      expectProblem(await stepUp(holder, wallet), 401, 'wallet.signature_invalid');
      expectProblem(await sendLink(other, wallet), 401, 'wallet.signature_invalid');
      expect(await isLive(app, person)).toBe(true);
      expect(await userIdBy(signedBy(deployed, buyer))).toBe(person.userId);
    });

    it('is asked for again while a node is away or lies, and nothing is lost', async () => {
      const deployed = await deploy();
      const wallet = signedBy(deployed);
      const loser = await walletSession(app, demo, wallet);
      const survivor = await aSteppedUp(app, demo);
      const acts = (): readonly (() => Promise<request.Response>)[] => [
        () => stepUp(loser, wallet),
        () => merge(survivor, wallet),
        () => sendLink(survivor, wallet),
      ];

      for (const node of [first, second]) {
        node.goAway();
        for (const act of acts()) {
          const answer = await act();
          expectProblem(answer, 503, 'chain.unavailable');
          expect(answer.headers['retry-after']).toMatch(/^\d+$/);
        }
        node.recover();
      }
      second.lie('eth_call', REFUSES);
      for (const act of acts()) expectProblem(await act(), 401, 'wallet.signature_invalid');
      second.recover();

      expect(await isLive(app, loser)).toBe(true);
      expect(await walletsOf(survivor)).toEqual([]);
      expect((await stepUp(loser, wallet)).status).toBe(200);
      expectProblem(await sendLink(survivor, wallet), 409, 'identity.belongs_to_another');
      expect((await merge(survivor, wallet)).status).toBe(200);
    });

    it('has no second try of a challenge that a node did not answer', async () => {
      const wallet = signedBy(await deploy());
      const survivor = await aSteppedUp(app, demo);
      await walletSession(app, demo, wallet);
      const proof = await walletProof(survivor, wallet, 'merge');
      first.goAway();
      expectProblem(await survivor.post('/v1/me/merges', proof), 503, 'chain.unavailable');
      first.recover();

      expectProblem(await survivor.post('/v1/me/merges', proof), 401, 'wallet.challenge_used');
    });
  });

  describe('of a chain with one node', () => {
    const app = useTestApp(() => ({
      environment: { CHAINS: chainsDocument(anvilChain([first.url], { timeLimitMs: 2_000 })) },
    }));
    const demo = useApplication(app, { origins: [SITE], settings });

    it('reaches its own application only, however much its owner signs', async () => {
      const wallet = signedBy(await deploy());
      const holder = await walletSession(app, demo, wallet);
      expect(holder.assurance).toBe('bot-token');

      expectProblem(await stepUp(holder, wallet), 403, 'auth.assurance_too_low');
      const own = await holder.post(
        '/v1/me/application-step-up',
        await walletProof(holder, wallet, 'step-up'),
      );
      expect(own.status).toBe(200);
      const survivor = await aSteppedUp(app, demo);
      expectProblem(await merge(survivor, wallet), 403, 'auth.assurance_too_low');
      expect(await isLive(app, holder)).toBe(true);
    });

    it('opens no account that it was linked to, beyond what its node can vouch for', async () => {
      const wallet = signedBy(await deploy());
      const person = await aSteppedUp(app, demo);
      const linked = await linkWallet(person, wallet);
      expect(await letSignIn(person, linked)).toMatchObject({ assurance: 'bot-token', canSignIn: true });
      const inside = await walletSession(app, demo, wallet);
      expect(inside).toMatchObject({ userId: person.userId, assurance: 'bot-token' });

      expectProblem(await stepUp(inside, wallet), 403, 'auth.assurance_too_low');
      const { body } = await inside.get('/v1/me/identities');
      expect(body).toMatchObject({ items: [{ subject: wallet.subject }] });
    });

    it('is no precompiled contract, which anybody can call', async () => {
      const factory = await anvil.deploy('WalletFactory');
      const call = encodeFunctionData({
        abi: factory.abi,
        functionName: 'deploy',
        args: [owner.address, `0x${'00'.repeat(31)}01`],
      });
      // Recovery, SHA-256, identity, and the check of a KZG proof.
      for (const last of ['01', '02', '04', '0a'])
        for (const wrap of [(signature: Hex) => signature, wrapped(factory.address, call)]) {
          const wallet = contractWallet(`0x${'00'.repeat(19)}${last}`, owner, { wrap });
          expectProblem(await signInByWallet(app, demo, wallet), 401, 'wallet.signature_invalid');
        }
    });

    it('answers no challenge of another chain', async () => {
      const wallet = signedBy(await deploy());
      const holder = await walletSession(app, demo, wallet);
      const ask = async (chainId: string) => {
        const { kind, address } = wallet;
        const body = { kind, address, chainId, purpose: 'step-up' };
        return bodyOf(await holder.post('/v1/wallets/challenges', body));
      };
      const stepUpHere = (body: object) => holder.post('/v1/me/application-step-up', body);
      const [here, elsewhere] = [await ask(ANVIL_CHAIN), await ask('eip155:10')];
      const { challengeId } = elsewhere;

      // The signature of one message, under the challenge of the other.
      const moved = { ...(await wallet.answer(here)), challengeId };
      expectProblem(await stepUpHere(moved), 401, 'wallet.signature_invalid');
      expectProblem(
        await stepUpHere(await wallet.answer(await ask('eip155:10'))),
        401,
        'wallet.signature_invalid',
      );
      expect((await stepUpHere(await wallet.answer(here))).status).toBe(200);
    });
  });
});
