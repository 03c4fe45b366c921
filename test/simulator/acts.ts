import { asPerson, authorized, byDevice, idOf, pairOf, personOf, refused, ok, checked } from './act';
import type { Act, Outcome, Prepared, Step } from './act';
import { communityActs } from './community';
import { separation } from './separations';
import { walletOperations } from './wallet-acts';
import { MINUTE, type Model, type User } from './model';
import { given, pickAt } from './random';
import type { Answer, Device, World } from './world';

/** The longest life of an identity token. */
const IDENTITY_TOKEN = 5 * MINUTE;

interface Presented {
  readonly person: string;
  readonly application: number;
  readonly initData: string;
  readonly madeAt: number;
  readonly cancels: boolean;
}

function proofOutcomes(model: Model, presented: Presented): readonly Outcome[] {
  const { person, initData, madeAt, cancels } = presented;
  const user = model.userOf(person);
  const known = model.proofs.get(initData);
  if (model.isTooOld(madeAt)) return [refused('sign-in: the proof is too old')];
  if (user && !user.isActive) return [refused('sign-in: the account is deactivated')];
  if (madeAt < Math.max(user?.notBefore ?? 0, model.proofsNotBefore))
    return [refused('sign-in: the proof is from before the end of all sessions')];
  if (user?.erasure && (!cancels || user.erasure.isStarted || madeAt < model.now - 5 * MINUTE))
    return [refused('sign-in: the account is to be erased')];

  const open = (name: string): Outcome =>
    ok(
      name,
      (body) => {
        if (!user) model.note('user.created');
        const account = user ?? model.createUser(person, null);
        account.id ??= idOf(body, 'userId');
        if (account.erasure) model.note('user.erasure_cancelled');
        account.erasure = null;
        const id = idOf(body, 'sessionId');
        const session = model.openSession(account, presented, id, pairOf(body));
        model.proofs.set(initData, { session: session.key, answeredAt: model.now, pair: pairOf(body) });
      },
      (body) =>
        body['isNewUser'] === (user === null) && (!user?.id || body['userId'] === user.id)
          ? null
          : `isNewUser ${user === null} of ${user?.id ?? 'a new account'}`,
    );
  if (!known)
    return [
      open(user?.erasure ? 'sign-in: cancels the erasure' : user ? 'sign-in: again' : 'sign-in: first'),
    ];

  const session = model.sessions[known.session];
  if (!session || session.isGone || session.user !== user?.key)
    return [refused('sign-in: the proof was used', [401])];
  if (model.isOver(session)) {
    const isAbsolute = session.end === null && model.now >= session.until;
    const isFollowed =
      session.end === null ? !isAbsolute : ['logout', 'idle', 'evicted'].includes(session.end);
    if (!isFollowed) return [refused('sign-in: the proof of a session that was ended opens nothing', [401])];
    const following = open('sign-in: the proof of a session that is over opens one more');
    return [
      {
        ...following,
        apply: (body) => {
          model.end([session], 'idle');
          following.apply?.(body);
        },
      },
    ];
  }
  if (model.repeatsProof(known))
    return [
      ok(
        'sign-in: a repeated proof gets the identical pair',
        (body) => {
          const pair = pairOf(body);
          if (!pair || session.pair) return;
          known.pair = pair;
          session.id ??= idOf(body, 'sessionId');
          model.learnPair(session, pair);
        },
        (body) =>
          !known.pair || body['refreshToken'] === known.pair.refresh ? null : 'the pair of the first answer',
      ),
    ];
  return [
    ok(
      'sign-in: the proof of a live session gets a new pair',
      (body) => {
        model.renew(session, pairOf(body));
        Object.assign(known, { answeredAt: model.now, pair: pairOf(body) });
        model.note('session.reentered');
      },
      (body) => (body['sessionId'] === session.id ? null : `session ${session.id}`),
    ),
  ];
}

function presentProof(world: World, device: Device, presented: Presented, learns: boolean): Prepared {
  const { application, initData, cancels } = presented;
  return {
    call: {
      listener: 'public',
      method: 'POST',
      path: '/v1/auth/telegram/init-data',
      body: {
        applicationId: world.applicationOf({ application }).id,
        initData,
        ...(cancels ? { cancelErasure: true } : {}),
      },
    },
    outcomes: (model) => proofOutcomes(model, presented),
    learn: ({ status, body }) => {
      if (!learns || status !== 200) return;
      const { access, refresh } = given(pairOf(body));
      Object.assign(device, { access, refresh, usedRefresh: null, usedAccess: device.access });
    },
  };
}

function refreshOutcomes(model: Model, token: string): readonly Outcome[] {
  const chain = model.families.get(token);
  const session = model.sessions.find(({ id }) => id !== null && id === chain?.session);
  if (!chain || !session || session.isGone || model.isOver(session))
    return [refused('refresh: the session is over', [401])];
  if (chain.family !== session.family) return [refused('refresh: a token of a replaced chain', [401])];
  if (session.pair?.refresh === token)
    return [ok('refresh: rotates', (body) => model.rotate(session, token, pairOf(body)))];
  const repeated = model.repeatable(session, token);
  if (repeated)
    return [
      ok(
        'refresh: a lost answer is repeated',
        (body) => {
          const pair = pairOf(body);
          if (!pair || repeated.next) return;
          repeated.next = pair;
          if (repeated === session.rotations[0]) model.learnPair(session, pair);
        },
        (body) =>
          !repeated.next || body['refreshToken'] === repeated.next.refresh ? null : 'the same pair as before',
      ),
    ];
  return [
    {
      name: 'refresh: a used token ends the session',
      status: [401],
      apply: () => model.end([session], 'refresh-reuse'),
    },
  ];
}

function presentRefresh(token: string, device: Device | null): Prepared {
  return {
    call: { listener: 'public', method: 'POST', path: '/v1/auth/refresh', body: { refreshToken: token } },
    outcomes: (model) => refreshOutcomes(model, token),
    learn: ({ status, body }) => {
      if (!device || status !== 200) return;
      const { access, refresh } = given(pairOf(body));
      if (refresh !== device.refresh)
        Object.assign(device, { access, refresh, usedRefresh: token, usedAccess: device.access });
    },
  };
}

function me(token: string, name: string): Prepared {
  return {
    call: asPerson(token, 'GET', '/v1/me'),
    outcomes: authorized(token, name, (_, __, user) => [
      checked('accepted', ({ userId }) => (!user.id || userId === user.id ? null : `the account ${user.id}`)),
    ]),
  };
}

/** @param startParamOf null where the launch has no target */
function launchFor(
  startParamOf: (world: World, device: Device) => string | null,
  grantOf: (body: Answer['body']) => unknown,
): Act {
  return {
    invariant: 'sign-in',
    prepare: (world, _, step) => {
      const device = world.device(step.who);
      const startParam = startParamOf(world, device);
      if (startParam === null) return null;
      const person = personOf(step);
      device.proof = world.launch(person, device.application, startParam);
      const presented = { person, application: device.application, ...device.proof, cancels: false };
      const prepared = presentProof(world, device, presented, true);
      return {
        ...prepared,
        learn: (answer) => {
          prepared.learn?.(answer);
          const brought = grantOf(answer.body) as { readonly grant: string } | undefined;
          device.grant = answer.status === 200 ? (brought?.grant ?? null) : null;
        },
      };
    },
  };
}

function askToStepUp(act: string): Act {
  return byDevice('joins', ({ token, device }) => ({
    call: asPerson(token, 'POST', '/v1/me/step-up/requests', { act }),
    outcomes: authorized(token, 'step-up', () => [ok('a code')]),
    learn: ({ status, body }) => {
      device.code = status === 201 ? String(body['code']) : null;
    },
  }));
}

/** Two people join their accounts: five acts that follow each other. */
const joinActs: Readonly<Record<string, Act>> = {
  'separate the accounts': separation,
  'ask to step up': askToStepUp('account.join'),
  'ask to step up for a wallet': askToStepUp('account.link'),
  'sign in by a referral': launchFor(
    ({ referralCodes }, { application }) => {
      const codes = referralCodes.filter((each) => each.application === application);
      return codes.length === 0 ? null : `r_${codes.at(-1)?.code}`;
    },
    () => undefined,
  ),
  'launch to step up': launchFor(
    (_, { code }) => (code === null ? null : `s_${code}`),
    ({ stepUp }) => stepUp,
  ),
  'ask to join': byDevice('joins', ({ token, device, session, model, world }) => {
    const { grant } = device;
    if (grant === null || !session?.id) return null;
    const asking = { session: session.id, until: model.now + 10 * MINUTE };
    return {
      call: asPerson(token, 'POST', '/v1/me/joins', undefined, grant),
      outcomes: authorized(token, 'join', () => [ok('asked'), refused('refused without a grant', [403])]),
      learn: ({ status, body }) => {
        device.grant = null;
        const { code, number } = body as { readonly code: string; readonly number: number };
        world.join = status === 201 ? { code, number, ...asking } : null;
      },
    };
  }),
  'launch to join': launchFor(
    ({ join }) => (join === null ? null : `j_${join.code}`),
    ({ join }) => join,
  ),
  'accept the join': byDevice('joins', ({ token, device, world, step }) => {
    const { join } = world;
    if (join === null || device.grant === null) return null;
    const isRight = step.choice < 0.8;
    const number = isRight ? join.number : join.number === 99 ? 10 : join.number + 1;
    return {
      call: asPerson(token, 'POST', `/v1/joins/${join.code}/accept`, { number }, device.grant),
      outcomes: authorized(token, 'join', (model, _, loser) => {
        const asking = model.sessions.find(({ id }) => id === join.session);
        const survivor = asking && model.users[asking.user];
        const isOpen = asking && !asking.isGone && !model.isOver(asking) && model.now < join.until;
        const areReady = [survivor, loser].every((user) => user?.isActive && !user.erasure && !user.isErased);
        if (!survivor || !isOpen || !areReady || survivor === loser || !isRight)
          return [refused(isRight ? 'refused' : 'a wrong number')];
        return [ok('merged', () => model.merge(survivor, loser))];
      }),
      learn: ({ status }) => {
        device.grant = null;
        if (status === 200) world.join = null;
      },
    };
  }),
};

function signIn(cancels: boolean): Act {
  return {
    invariant: 'sign-in',
    prepare: (world, _, step) => {
      const device = world.device(step.who);
      const person = personOf(step);
      device.proof = world.launch(person, device.application);
      const presented = { person, application: device.application, ...device.proof, cancels };
      return presentProof(world, device, presented, true);
    },
  };
}

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

const operatorActs: Readonly<Record<string, Act>> = {
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

const serverActs: Readonly<Record<string, Act>> = {
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
        const hasRunOut = session?.end === null && model.now >= session.until;
        const isOwn = session?.application === asking && !hasRunOut;
        const apply = (): void => (isOwn ? model.bar([session], 'revoked') : undefined);
        return [{ name: `revocation: ${isOwn ? 'ends' : 'ends nothing'}`, status: [200, 400], apply }];
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
