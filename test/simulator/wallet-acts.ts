import { bodyOf, SITE, type TestWallet } from '../support/wallets';
import { asPerson, authorized, byDevice, personOf, refused, type Act, ok, checked } from './act';
import { pickAt } from './random';

/** The answer of the person's wallet to a fresh challenge. It is linked with a step-up, and else only connected. */
function walletAct(isLinked: boolean): Act {
  const name = isLinked ? 'linked' : 'connected';
  return {
    invariant: 'wallets',
    prepare: async (world, model, step) => {
      const device = world.device(step.who);
      const token = device.access;
      if (token === null || model.accepts(token).isAccepted !== true) return null;
      if (isLinked && device.grant === null) return null;
      const wallet = world.walletOf(personOf(step));
      const answer = await challenged(wallet, (body) =>
        world.call(step.replica, asPerson(token, 'POST', '/v1/wallets/challenges', body)),
      );
      // A use of the token that no fault disturbs.
      model.use(token);
      // No answer is allowed where the challenge was refused.
      if (answer === null) return { call: asPerson(token, 'GET', '/v1/wallets'), outcomes: () => [] };
      return {
        call: asPerson(
          token,
          'POST',
          '/v1/wallets/links',
          { ...answer, ...(isLinked ? { canSignIn: true } : {}) },
          isLinked ? device.grant : null,
        ),
        outcomes: authorized(token, 'wallet', (current, _, user) => {
          const own = current.wallets.find(
            ({ address, user: key }) => address === wallet.subject && key === user.key,
          );
          const other = current.wallets.find(
            ({ address, user: key }) => address === wallet.subject && key !== user.key,
          );
          if (isLinked && other?.isLinked) return [refused('of another account', [409])];
          return [
            ok(name, (body) => {
              const id = body && String(body['walletId']);
              if (own) Object.assign(own, { isLinked: own.isLinked || isLinked, id: id ?? own.id });
              else current.wallets.push({ id, user: user.key, address: wallet.subject, isLinked });
            }),
            ...(isLinked ? [refused('refused without a grant', [401, 403])] : []),
          ];
        }),
        learn: () => {
          if (isLinked) device.grant = null;
        },
      };
    },
  };
}

async function challenged(
  wallet: TestWallet,
  ask: (body: object) => Promise<{ readonly status: number; readonly body: object }>,
): Promise<object | null> {
  const { kind, address, chainId } = wallet;
  const challenge = await ask({ kind, address, chainId, origin: SITE, purpose: 'link' });
  return challenge.status === 201 ? wallet.answer(bodyOf(challenge as Parameters<typeof bodyOf>[0])) : null;
}

export const walletOperations: Readonly<Record<string, Act>> = {
  'connect a wallet': walletAct(false),
  'link a wallet': walletAct(true),
  'list the wallets': byDevice('wallets', ({ token }) => ({
    call: asPerson(token, 'GET', '/v1/wallets'),
    outcomes: authorized(token, 'wallets', (model, _, user) => [
      checked('listed', (body) => {
        const expected = model.wallets.filter((each) => each.user === user.key).map(({ address }) => address);
        const found = (body['items'] as readonly { readonly address: string }[]).map(({ address }) =>
          address.toLowerCase(),
        );
        const isSame = JSON.stringify(found.toSorted()) === JSON.stringify(expected.toSorted());
        return isSame ? null : `wallets ${expected.join(', ')}`;
      }),
    ]),
  })),
  'remove a wallet': byDevice('wallets', ({ token, session, model, step }) => {
    const own = model.wallets.filter(({ id, user, isLinked }) => id && !isLinked && user === session?.user);
    if (own.length === 0) return null;
    const { id } = pickAt(own, step.choice);
    return {
      call: asPerson(token, 'DELETE', `/v1/wallets/${id}`),
      outcomes: authorized(token, 'wallet', (current, _, user) => {
        const found = current.wallets.find((each) => each.id === id && each.user === user.key);
        if (!found || found.isLinked) return [refused('refused')];
        const apply = (): void => {
          current.wallets = current.wallets.filter((each) => each !== found);
        };
        return [ok('removed', apply)];
      }),
    };
  }),
};
