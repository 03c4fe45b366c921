import {
  asPerson,
  authorized,
  idOf,
  pairOf,
  personOf,
  refused,
  ok,
  checked,
  type Act,
  type Outcome,
  type Prepared,
} from './act';
import { MINUTE, type Model } from './model';
import { given } from './random';
import type { Answer, Device, World } from './world';

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

export function presentProof(world: World, device: Device, presented: Presented, learns: boolean): Prepared {
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

export function presentRefresh(token: string, device: Device | null): Prepared {
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

export function me(token: string, name: string): Prepared {
  return {
    call: asPerson(token, 'GET', '/v1/me'),
    outcomes: authorized(token, name, (_, __, user) => [
      checked('accepted', ({ userId }) => (!user.id || userId === user.id ? null : `the account ${user.id}`)),
    ]),
  };
}

/** @param startParamOf null where the launch has no target */
export function launchFor(
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

export function signIn(cancels: boolean): Act {
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
