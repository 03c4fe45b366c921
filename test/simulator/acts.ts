import { communityActs } from './community';
import { walletOperations } from './wallet-acts';
import { joinActs } from './joins';
import { operatorActs, serverActs } from './operators';
import {
  asPerson,
  authorized,
  byDevice,
  personOf,
  refused,
  ok,
  checked,
  type Act,
  type Prepared,
} from './act';
import { MINUTE } from './model';
import type { Device, World } from './world';
import { presentProof, presentRefresh, me, signIn } from './sign-ins';

/** The longest life of an identity token. */
const IDENTITY_TOKEN = 5 * MINUTE;

const deviceActs: Readonly<Record<string, Act>> = {
  'sign in': signIn(false),
  'sign in to keep the account': signIn(true),
  'repeat the proof': {
    invariant: 'one-proof-one-session',
    prepare: (world, _, step) => {
      const device = world.device(step.who);
      if (!device.proof) return null;
      const presented = {
        person: personOf(step),
        application: device.application,
        ...device.proof,
        cancels: false,
      };
      return presentProof(world, device, presented, true);
    },
  },
  refresh: {
    invariant: 'refresh-rotation',
    prepare: (world, _, step) => {
      const device = world.device(step.who);
      return device.refresh === null ? null : presentRefresh(device.refresh, device);
    },
  },
  'refresh once more': {
    invariant: 'refresh-rotation',
    prepare: (world, _, step) => {
      const { usedRefresh } = world.device(step.who);
      return usedRefresh === null ? null : presentRefresh(usedRefresh, world.device(step.who));
    },
  },
  look: byDevice('access-deadlines', ({ token }) => me(token, 'access')),
  'look with the token before': {
    invariant: 'access-deadlines',
    prepare: (world, _, { who }) => {
      const { usedAccess } = world.device(who);
      return usedAccess === null ? null : me(usedAccess, 'prior access');
    },
  },
  'look through the gateway': byDevice('access-deadlines', ({ token }) => ({
    call: { ...asPerson(token, 'GET', '/v1/gateway/authorize'), listener: 'gateway' },
    outcomes: authorized(token, 'gateway', (model, session, { id }) => [
      checked('accepted', ({ sub, exp }) => {
        const until = Math.min(session.accessUntil, model.now + IDENTITY_TOKEN);
        const isFine = sub === undefined || !id || (sub === id && Number(exp) <= until);
        return isFine ? null : `an identity token of ${id} until ${until} at most`;
      }),
    ]),
  })),
  'log out': byDevice('ended-means-ended', ({ token }) => ({
    call: asPerson(token, 'POST', '/v1/auth/logout'),
    outcomes: (model) => {
      const session = model.sessionOfAccess(token);
      if (!session || session.isGone || session.end !== null || model.now >= session.until)
        return [{ name: 'logout: the session is over', status: [204, 401] }];
      return [ok('logout', () => model.end([session], 'logout'))];
    },
  })),
  'end the other sessions': byDevice('ended-means-ended', ({ token, step }) => {
    const all = step.choice < 0.3;
    return {
      call: asPerson(token, 'DELETE', `/v1/me/sessions${all ? '?all=true' : ''}`),
      outcomes: authorized(token, 'end all', (model, session, user) => [
        ok(all ? 'also this one' : 'the others', () => {
          user.notBefore = model.now;
          model.keepOut(user, 'ended-all', (own) => !all && own === session);
        }),
      ]),
    };
  }),
  'change the name': byDevice('no-lost-change', ({ token, step }) => {
    const name = `Name ${Math.floor(step.choice * 1_000)}`;
    return {
      call: asPerson(token, 'PATCH', '/v1/me/profile', { displayName: name }),
      outcomes: authorized(token, 'profile', (_, __, user) => [
        ok('changed', (body) => (user.name = body ? name : '?')),
      ]),
    };
  }),
  'read the name': byDevice('no-lost-change', ({ token }) => ({
    call: asPerson(token, 'GET', '/v1/me/profile'),
    outcomes: authorized(token, 'profile', (_, __, user) => [
      checked('read', ({ displayName }) =>
        user.name === '?' || displayName === user.name ? null : `the name ${user.name}`,
      ),
    ]),
  })),
  'ask for the erasure': byDevice('erasure', ({ token, session, model }) => {
    const userId = session && model.users[session.user]?.id;
    if (!userId) return null;
    return {
      call: asPerson(token, 'DELETE', `/v1/me?confirm=${userId}`),
      outcomes: authorized(token, 'erasure', (current, own, user) => [
        current.isFresh(own)
          ? ok('requested', () => current.requestErasure(user))
          : refused('refused without a fresh sign-in', [403]),
      ]),
    };
  }),
};

/** What a thief does with the newest copy of what a device had. */
function byThief(invariant: string, prepare: (loot: Device, world: World) => Prepared | null): Act {
  return {
    invariant,
    prepare: (world) => {
      const loot = world.loot.at(-1);
      return loot ? prepare(loot, world) : null;
    },
  };
}

const thiefActs: Readonly<Record<string, Act>> = {
  'the thief refreshes': byThief('refresh-rotation', ({ refresh }) =>
    refresh ? presentRefresh(refresh, null) : null,
  ),
  'the thief looks': byThief('access-deadlines', ({ access }) =>
    access ? me(access, 'stolen access') : null,
  ),
  'the thief repeats the proof': byThief('one-proof-one-session', (loot, world) => {
    const { name, application, proof } = loot;
    if (!proof) return null;
    const presented = { person: personOf({ who: name }), application, ...proof, cancels: false };
    return presentProof(world, loot, presented, false);
  }),
};

/** Acts that are one call. */
export const acts: Readonly<Record<string, Act>> = {
  ...deviceActs,
  ...joinActs,
  ...communityActs,
  ...walletOperations,
  ...thiefActs,
  ...operatorActs,
  ...serverActs,
};
