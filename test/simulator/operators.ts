import { byDevice, personOf, refused, ok, type Act, type Outcome, type Step } from './act';
import type { Model, User } from './model';
import { given, pickAt } from './random';
import type { Answer, Device, World } from './world';

/** An operator's call about the account of a person. */
function byOperator(path: string, name: string, apply: (model: Model, user: User) => void): Act {
  return {
    invariant: 'operators',
    prepare: async (world, model, step) => {
      const user = model.userOf(personOf(step));
      if (!user?.id) return null;
      return {
        call: await world.asOperator(step.replica, 'POST', `users/${user.id}/${path}`),
        outcomes: (current) => {
          const own = current.users[user.key];
          if (!own || own.isErased) return [refused('operator: the account is gone', [404])];
          return [ok(`operator: ${name}`, () => apply(current, own))];
        },
      };
    },
  };
}

function changeIdentityKeys(name: string, pathOf: (kid: string) => string): Act {
  return {
    invariant: 'identity-tokens',
    prepare: async (world, _, step) => {
      const { replica, choice } = step;
      const keys = await world.call(replica, await world.asOperator(replica, 'GET', 'identity-keys'));
      const items = keys.body['items'] as readonly { readonly kid: string }[];
      if (items.length === 0) return null;
      const path = `identity-keys/${pathOf(pickAt(items, choice).kid)}`;
      return {
        call: await world.asOperator(replica, 'POST', path),
        outcomes: () => [ok(`identity keys: ${name}`), refused('identity keys: it is gone', [404])],
        learn: () => {
          if (name === 'one is revoked') world.forgetPublishedKeys();
        },
      };
    },
  };
}

export const operatorActs: Readonly<Record<string, Act>> = {
  'an operator rotates the identity key': changeIdentityKeys('the next one is published', () => 'rotate'),
  'an operator revokes an identity key': changeIdentityKeys('one is revoked', (kid) => `${kid}/revoke`),
  'an operator closes the season': {
    invariant: 'closed-seasons',
    prepare: async (world, _, step) => {
      const seasons = await world.seasons();
      const open = seasons.find(({ closed }) => !closed);
      if (!open) return null;
      const path = `boards/${world.boardId}/seasons/${open.id}/close`;
      return {
        call: await world.asOperator(step.replica, 'POST', path, { reason: 'simulator' }),
        outcomes: (current) => {
          if (current.season !== seasons.length - 1) return [refused('season: closed before')];
          return [ok('season: closed', () => (current.season += 1))];
        },
      };
    },
  },
  'an operator ends sessions': byOperator('sessions/end', 'ends sessions', (model, user) => {
    user.notBefore = model.now;
    model.keepOut(user, 'revoked');
  }),
  'an operator deactivates': byOperator('deactivate', 'deactivates', (model, user) => {
    user.isActive = false;
    user.notBefore = model.now;
    model.note('user.status_changed');
    model.keepOut(user, 'deactivated');
  }),
  'an operator activates': byOperator('activate', 'activates', (model, user) => {
    user.isActive = true;
    model.note('user.status_changed');
  }),
};

/** A question of the back end of the token's application, or of the other one. */
function aboutToken(
  path: string,
  token: string,
  { device, world, step }: { readonly device: Device; readonly world: World; readonly step: Step },
) {
  const asking = step.choice < 0.5 ? device.application : 1 - device.application;
  const headers = { authorization: given(world.applications[asking]).basic };
  return { asking, call: { listener: 'public', method: 'POST', path, headers, form: { token } } as const };
}

export const serverActs: Readonly<Record<string, Act>> = {
  'a back end sends a score': {
    invariant: 'scores',
    prepare: (world, model, step) => {
      const user = model.userOf(personOf(step));
      if (!user?.id) return null;
      const isRepeated = step.choice < 0.4 && world.scoreIds.length > 0;
      const id = isRepeated ? given(world.scoreIds.at(-1)) : `score-${world.scoreIds.length + 1}`;
      if (!isRepeated) world.scoreIds.push(id);
      const score = model.scores.get(id)?.score ?? 1 + Math.floor(step.choice * 100);
      return {
        call: {
          listener: 'public',
          method: 'POST',
          path: `/v1/boards/${world.boardId}/scores`,
          headers: { authorization: given(world.applications[0]).basic },
          body: { scores: [{ id, userId: user.id, score }] },
        },
        outcomes: (current) => {
          const known = current.scores.get(id);
          const own = current.users[user.key];
          const isSame = known?.user === user.key && known.score === score;
          const isHere = own && !own.isErased && own.applications.has(0);
          const isOpen = !known && own?.uncertain.has(0);
          const outcomeOf = (body: Answer['body']): unknown =>
            (body['results'] as readonly { readonly outcome: string }[])[0]?.outcome;
          const expected = known ? (isSame ? 'repeated' : 'refused') : isHere ? 'accepted' : 'refused';
          return [
            ok(
              `scores: ${expected}`,
              (body) => {
                current.note('board.scores_sent');
                if ((isOpen && body ? outcomeOf(body) : expected) === 'accepted')
                  current.scores.set(id, { user: user.key, score, season: current.season });
              },
              (body) => (outcomeOf(body) === expected || isOpen ? null : `the outcome ${expected}`),
            ),
          ];
        },
      };
    },
  },
  'a back end revokes a token': byDevice('one-tenant', ({ token, world, device, step }) => {
    const { asking, call } = aboutToken('/v1/oauth/revoke', token, { device, world, step });
    return {
      call,
      outcomes: (model) => {
        const session = model.sessionOfAccess(token);
        // A session that has run out may be ended, by a replica that still knows its token.
        const mayEnd = session?.application === asking;
        const hasRunOut = session?.end === null && model.now >= session.until;
        const ends: Outcome = {
          name: 'revocation: ends',
          status: [200, 400],
          apply: () => model.bar(session ? [session] : [], 'revoked'),
        };
        const nothing: Outcome = { name: 'revocation: ends nothing', status: [200, 400] };
        return mayEnd ? (hasRunOut ? [nothing, ends] : [ends]) : [nothing];
      },
    };
  }),
  'a back end introspects': byDevice('one-tenant', ({ token, world, device, step }) => {
    const { asking, call } = aboutToken('/v1/oauth/introspect', token, { device, world, step });
    return {
      call,
      outcomes: (model) => {
        const { session, isAccepted } = model.accepts(token);
        const isOwn = session?.application === asking;
        const expected = isOwn ? isAccepted : false;
        return [
          ok(
            isOwn ? 'introspection: of an own token' : 'introspection: of a token of another application',
            () => model.noteFirstUse(token),
            ({ active }) => (expected === null || active === expected ? null : `active ${expected}`),
          ),
        ];
      },
    };
  }),
};
