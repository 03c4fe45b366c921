import {
  asPerson,
  authorized,
  byDevice,
  idOf,
  refused,
  type Act,
  type Prepared,
  type Step,
  ok,
  checked,
} from './act';
import { INVITATION_LIFETIME, type Model, type Team } from './model';
import { pickAt } from './random';

/** What people do in teams, leaderboards and referrals. */
export const communityActs: Readonly<Record<string, Act>> = {
  'create a team': byDevice('teams', ({ token, world }) => {
    world.teamNames += 1;
    const name = `Team ${[...String(world.teamNames)].map((digit) => 'bcdfghkmnp'[Number(digit)]).join('')}`;
    return {
      call: asPerson(token, 'POST', '/v1/teams', { name }),
      outcomes: authorized(token, 'team', (model, { application }, user) => [
        ok('created', (body) => {
          const members = new Map([[user.key, { role: 'owner' as const }]]);
          model.teams.push({ id: idOf(body, 'teamId'), name, application, members });
          model.note('team.created');
        }),
      ]),
    };
  }),
  'invite into a team': byDevice('teams', ({ token, session, model, world, step }) => {
    const own = model.teams.filter(
      ({ id, members, application }) =>
        id !== null && application === session?.application && members.get(session.user)?.role === 'owner',
    );
    if (own.length === 0) return null;
    const team = pickAt(own, step.choice);
    const index = model.teams.indexOf(team);
    const maxUses = step.choice < 0.5 ? 1 : 2;
    return {
      call: asPerson(token, 'POST', `/v1/teams/${team.id}/invitations`, { role: 'viewer', maxUses }),
      outcomes: authorized(token, 'team', (current, _, user) => [
        ok('invited', (body) => {
          const made = {
            team: index,
            inviter: user.key,
            until: current.now + INVITATION_LIFETIME,
            maxUses,
          };
          if (body)
            current.invitations.push({ ...made, token: String(body['token']), usedBy: new Set(), uses: 0 });
        }),
      ]),
      learn: ({ status, body }) => {
        if (status === 201) world.invitations.push({ team: index, token: String(body['token']) });
      },
    };
  }),
  'accept an invitation': byDevice('invitations', ({ token, world, step }) => {
    if (world.invitations.length === 0) return null;
    const recent = world.invitations.slice(-6);
    const { token: invitationToken } = pickAt(recent, step.choice);
    return {
      call: asPerson(token, 'POST', '/v1/invitations/accept', { token: invitationToken }),
      outcomes: authorized(token, 'invitation', (model, { application }, user) => {
        const invitation = model.invitations.find((each) => each.token === invitationToken);
        const team = invitation && model.teams[invitation.team];
        const isRefused =
          !invitation ||
          team?.application !== application ||
          !model.isOpen(invitation) ||
          team.members.has(user.key) ||
          invitation.usedBy.has(user.key);
        if (isRefused) return [refused('refused')];
        return [
          ok('accepted', () => {
            team.members.set(user.key, { role: 'viewer' });
            invitation.usedBy.add(user.key);
            invitation.uses += 1;
            model.note('team_member.joined');
          }),
        ];
      }),
    };
  }),
  'leave a team': byDevice('teams', ({ token, session, model, step }) => {
    const own = model.teams.filter(
      ({ id, members, application }) =>
        id !== null && application === session?.application && members.has(session.user),
    );
    const userId = session && model.users[session.user]?.id;
    if (own.length === 0 || !userId) return null;
    const index = model.teams.indexOf(pickAt(own, step.choice));
    return {
      call: asPerson(token, 'DELETE', `/v1/teams/${model.teams[index]?.id}/members/${userId}`),
      outcomes: authorized(token, 'team', (current, _, user) => {
        const team = current.teams[index];
        const role = team?.members.get(user.key)?.role;
        if (!team || !role || role === 'owner') return [refused('an owner does not leave')];
        return [ok('left', () => current.leave(team, user.key))];
      }),
    };
  }),
  'read a team': byDevice('one-tenant', ({ token, model, step }) => {
    // The newest one, or any.
    const index =
      step.choice < 0.6 ? model.teams.length - 1 : Math.floor((step.choice - 0.6) * 2.5 * model.teams.length);
    const id = model.teams[index]?.id;
    if (!id) return null;
    return {
      call: asPerson(token, 'GET', `/v1/teams/${id}`),
      outcomes: authorized(token, 'team', (current, { application }, user) => {
        const team = current.teams[index];
        if (!team || team.members.size === 0) return [refused('of a team that is gone', [404])];
        if (team.application !== application) return [refused('of another application', [404])];
        const role = team.members.get(user.key)?.role ?? null;
        const size = team.members.size;
        return [
          checked('read', (body) =>
            body['role'] === role && body['memberCount'] === size ? null : `${size} members, role ${role}`,
          ),
        ];
      }),
    };
  }),
  'change a role': ofOwner(({ token, index, target, id, step }) => {
    const role = step.choice < 0.5 ? 'viewer' : 'editor';
    return {
      call: asPerson(token, 'PATCH', `/v1/teams/${id}/members/${target.id}`, { role }),
      outcomes: asOwner(token, index, target.key, 'another role', (model, team) => {
        if (team.members.get(target.key)?.role !== role) model.note('team_member.role_changed');
        team.members.set(target.key, { role });
      }),
    };
  }),
  'remove a member': ofOwner(({ token, index, target, id }) => ({
    call: asPerson(token, 'DELETE', `/v1/teams/${id}/members/${target.id}`),
    outcomes: asOwner(token, index, target.key, 'removed', (model, team) => model.leave(team, target.key)),
  })),
  'read the ranks': byDevice('ranks', ({ token, world, device }) => {
    if (device.application !== 0) return null;
    const path = `/v1/boards/${world.boardId}/top?limit=200`;
    return {
      call: asPerson(token, 'GET', path),
      outcomes: authorized(token, 'board', (model) => [
        checked('ranks', (body) => {
          const expected = model.sums();
          const items = body['items'] as readonly { userId: string | null; score: number; rank: number }[];
          // Replicas answer from memory for some seconds.
          if (Date.parse(String(body['asOf'])) / 1_000 < model.now) return null;
          const found = items.filter(({ userId }) => userId !== null);
          const isSame =
            found.length === expected.size &&
            found.every(({ userId, score }) => expected.get(userId ?? '') === score);
          const isOrdered = items.every(({ rank, score }, index) => {
            const before = items[index - 1];
            return before ? before.score >= score && before.rank < rank : rank === 1;
          });
          return isSame && isOrdered ? null : `in order: ${JSON.stringify([...expected])}`;
        }),
      ]),
    };
  }),
  'show the referral code': byDevice('referrals', ({ token, session, model, world }) => {
    const user = session && model.users[session.user];
    if (!user) return null;
    return {
      call: asPerson(token, 'GET', '/v1/me/referral-code'),
      outcomes: authorized(token, 'referral', () => [ok('a code')]),
      learn: ({ status, body }) => {
        if (status === 200)
          world.referralCodes.push({ code: String(body['code']), application: session.application });
      },
    };
  }),
};

/** What an owner does to another member of their team. */
function ofOwner(
  prepare: (given: {
    readonly token: string;
    readonly index: number;
    readonly id: string;
    readonly target: { readonly key: number; readonly id: string };
    readonly step: Step;
  }) => Prepared,
): Act {
  return byDevice('teams', ({ token, session, model, step }) => {
    if (!session) return null;
    const found = model.teams.flatMap((team, index) => {
      if (team.id === null || team.application !== session.application) return [];
      if (team.members.get(session.user)?.role !== 'owner') return [];
      return [...team.members.keys()].flatMap((key) => {
        const id = model.users[key]?.id;
        return key === session.user || !id ? [] : [{ index, id: team.id ?? '', target: { key, id } }];
      });
    });
    return found.length === 0 ? null : prepare({ token, step, ...pickAt(found, step.choice) });
  });
}

function asOwner(
  token: string,
  index: number,
  target: number,
  name: string,
  apply: (model: Model, team: Team) => void,
): Prepared['outcomes'] {
  return authorized(token, 'team', (model, _, user) => {
    const team = model.teams[index];
    const isOwner = team?.members.get(user.key)?.role === 'owner';
    if (!team || !isOwner || !team.members.has(target)) return [refused('refused')];
    return [ok(name, () => apply(model, team))];
  });
}
