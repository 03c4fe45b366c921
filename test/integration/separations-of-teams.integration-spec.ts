import type { GivenRole } from '@countersign/teams';
import { mergeAccounts } from '../support/accounts';
import { expectProblem } from '../support/expect-problem';
import { invite } from '../support/invitations';
import { signInPerson, type PersonSession } from '../support/person-session';
import { separate } from '../support/separations';
import { addMember, aTeam } from '../support/teams';
import { useApplication, useTestApp } from '../support/use-test-app';

describe('teams of separated merges', () => {
  const app = useTestApp();
  const demo = useApplication(app);

  const signIn = () => signInPerson(app, demo);

  /** By account, with the number of members that the team has stored. */
  async function rolesOf(teamId: string): Promise<Readonly<Record<string, string | number>>> {
    const members = await app.database.query<{
      userId: string;
      role: string;
      count: number;
      ownerId: string;
    }>(
      `SELECT m.user_id AS "userId", m.role, t.member_count AS count, t.owner_id AS "ownerId"
       FROM team_members m JOIN teams t ON t.id = m.team_id WHERE t.id = $1`,
      [teamId],
    );
    expect(members.map(({ userId, role, ownerId }) => [role === 'owner', ownerId === userId])).toEqual(
      members.map(({ role }) => [role === 'owner', role === 'owner']),
    );
    expect(members[0]?.count).toBe(members.length);
    return Object.fromEntries(members.map(({ userId, role }) => [userId, role]));
  }

  /** A merge of members of a team: `null` for no member. */
  async function merged(roles: { readonly survivor: GivenRole | null; readonly loser: GivenRole | null }) {
    const [owner, survivor, loser] = [await signIn(), await signIn(), await signIn()];
    const { teamId } = await aTeam(owner);
    if (roles.survivor) await addMember(app, teamId, survivor, roles.survivor);
    if (roles.loser) await addMember(app, teamId, loser, roles.loser);
    await mergeAccounts(app, demo, survivor, loser);
    await owner.stepUp();
    return { teamId, owner, survivor, loser };
  }

  const setRole = async (owner: PersonSession, teamId: string, userId: string, role: GivenRole) => {
    const { status } = await owner.patch(`/v1/teams/${teamId}/members/${userId}`, { role });
    expect(status).toBe(204);
  };

  it('leave the survivor an ownership that was transferred to it since', async () => {
    const { teamId, owner, survivor, loser } = await merged({ survivor: null, loser: 'viewer' });
    const transferred = await owner.post(`/v1/teams/${teamId}/transfer`, { userId: survivor.userId });
    expect(transferred.status).toBe(200);

    expect(await separate(app, demo, loser.person)).toMatchObject({ userId: loser.userId, lost: [] });

    expect(await rolesOf(teamId)).toEqual({
      [owner.userId]: 'admin',
      [survivor.userId]: 'owner',
      [loser.userId]: 'viewer',
    });
    expect((await (await signIn()).get(`/v1/teams/${teamId}`)).body).toMatchObject({ memberCount: 3 });
  });

  /** The role of the survivor and of the loser before the merge, that of the one account since, and those after. */
  it.each<[GivenRole | null, GivenRole, GivenRole, GivenRole | null, GivenRole]>([
    [null, 'viewer', 'editor', 'editor', 'viewer'],
    [null, 'admin', 'editor', null, 'editor'],
    ['viewer', 'editor', 'admin', 'admin', 'editor'],
    ['editor', 'viewer', 'admin', 'admin', 'viewer'],
    ['editor', 'admin', 'viewer', 'viewer', 'viewer'],
  ])(
    'give %s and %s, %s since, back as %s and %s',
    async (survivorBefore, loserBefore, since, kept, given) => {
      const before = { survivor: survivorBefore, loser: loserBefore };
      const { teamId, owner, survivor, loser } = await merged(before);
      await setRole(owner, teamId, survivor.userId, since);

      await separate(app, demo, loser.person);

      expect(await rolesOf(teamId)).toEqual({
        [owner.userId]: 'owner',
        ...(kept ? { [survivor.userId]: kept } : {}),
        [loser.userId]: given,
      });
    },
  );

  it.each([null, 'editor'] as const)(
    'end invitations that the survivor made, who was %s before, and leave those of the account that returns',
    async (role) => {
      const [thief, victim] = [await signIn(), await signIn()];
      const { teamId } = await aTeam(victim);
      if (role) await addMember(app, teamId, thief, role);
      const own = await invite(victim, { teamId }, { maxUses: 5 });
      await mergeAccounts(app, demo, thief, victim);
      const made = await invite(thief, { teamId }, { role: 'editor' });
      app.clock.advance(1);

      await separate(app, demo, victim.person);

      const accept = async (token: string) => (await signIn()).post('/v1/invitations/accept', { token });
      expectProblem(await accept(made.token), 409, 'invitation.revoked');
      expect((await accept(own.token)).status).toBe(200);
      const { body } = await (
        await signInPerson(app, demo, victim.person)
      ).get(`/v1/teams/${teamId}/invitations`);
      expect(body).toMatchObject({
        items: [
          { invitationId: made.invitationId, status: 'revoked' },
          { invitationId: own.invitationId, status: 'open' },
        ],
      });
    },
  );

  it('are named as lost where the account that they came to has given them away', async () => {
    const [survivor, loser, helper] = [await signIn(), await signIn(), await signIn()];
    const { teamId } = await aTeam(loser);
    await addMember(app, teamId, helper, 'viewer');
    await mergeAccounts(app, demo, survivor, loser);
    await survivor.stepUp();
    const given = await survivor.post(`/v1/teams/${teamId}/transfer`, { userId: helper.userId });
    expect(given.status).toBe(200);

    expect(await separate(app, demo, loser.person)).toMatchObject({
      lost: [{ what: 'team-role', id: teamId }],
    });
    expect(await rolesOf(teamId)).toEqual({ [helper.userId]: 'owner', [loser.userId]: 'admin' });
  });
});
