import { ErasureCompletion } from '@countersign/account';
import { DAY } from '@countersign/clock';
import { mergeAccounts } from '../support/accounts';
import { readExport } from '../support/export-schema';
import { aConfidentialApplication, basicOf } from '../support/oauth';
import { signInOpenWeb3, signInPerson, type PersonSession } from '../support/person-session';
import { addMember, aTeam } from '../support/teams';
import { useFixture } from '../support/use-fixture';
import { useOpenWeb3Bot, useTestApp } from '../support/use-test-app';

describe('teams of an account', () => {
  const app = useTestApp();
  const demo = useFixture(() => aConfidentialApplication(app));
  const im = useOpenWeb3Bot(app, demo);

  const merge = (survivor: PersonSession, loser: PersonSession) => mergeAccounts(app, demo, survivor, loser);

  async function erase(session: PersonSession): Promise<void> {
    await session.stepUp();
    expect((await session.delete(`/v1/me?confirm=${session.userId}`)).status).toBe(202);
    const later = new Date(app.clock.now().getTime() + 8 * DAY);
    expect(await app.nest.get(ErasureCompletion).complete(session.userId, later)).toBe(true);
  }

  async function membersOf(teamId: string): Promise<Record<string, string>> {
    const rows = await app.database.query<{ user_id: string; role: string }>(
      'SELECT user_id, role FROM team_members WHERE team_id = $1',
      [teamId],
    );
    return Object.fromEntries(rows.map(({ user_id, role }) => [user_id, role]));
  }

  /** What the service did in a team, oldest first. */
  const actsOf = (teamId: string) =>
    app.database.query(
      `SELECT action, actor, details FROM audit_records
       WHERE actor = 'system' AND action LIKE 'team%' AND (subject = $1 OR details ->> 'teamId' = $1) ORDER BY id`,
      [teamId],
    );

  async function teamRow(teamId: string): Promise<Record<string, unknown> | null> {
    const rows = await app.database.query<Record<string, unknown>>(
      'SELECT owner_id, created_by, member_count FROM teams WHERE id = $1',
      [teamId],
    );
    return rows[0] ?? null;
  }

  it.each([
    ['viewer', 'admin', 'admin', ['team_member.role_changed']],
    ['admin', 'viewer', 'admin', []],
  ] as const)('keep the higher role in a merge: %s and %s', async (own, other, role, changes) => {
    const owner = await signInPerson(app, demo);
    const [survivor, loser] = [await signInPerson(app, demo), await signInOpenWeb3(app, im)];
    const { teamId } = await aTeam(owner);
    await addMember(app, teamId, survivor, own);
    await addMember(app, teamId, loser, other);
    const since = new Date(app.clock.now().getTime() - DAY);
    await app.database.query('UPDATE team_members SET joined_at = $2 WHERE user_id = $1', [
      loser.userId,
      since,
    ]);

    await merge(survivor, loser);

    expect(await membersOf(teamId)).toEqual({ [owner.userId]: 'owner', [survivor.userId]: role });
    expect(await teamRow(teamId)).toMatchObject({ member_count: 2 });
    const joined = await app.database.query('SELECT joined_at FROM team_members WHERE user_id = $1', [
      survivor.userId,
    ]);
    expect(joined).toEqual([{ joined_at: since }]);
    expect(await actsOf(teamId)).toMatchObject([
      { action: 'team_member.left', actor: 'system', details: { reason: 'merged' } },
      ...changes.map((action) => ({ action, actor: 'system', details: { role } })),
    ]);
    // The former id names the survivor.
    const listed = await app.http.get(`/v1/teams?member=${loser.userId}`).set('authorization', basicOf(demo));
    expect(listed.body).toMatchObject({ items: [{ teamId, role }] });
  });

  it('are owned by the survivor of a merge, also where both are members', async () => {
    const [survivor, loser] = [await signInPerson(app, demo), await signInOpenWeb3(app, im)];
    const [alone, both, reverse] = [await aTeam(loser), await aTeam(loser), await aTeam(survivor)];
    await addMember(app, both.teamId, survivor, 'viewer');
    await addMember(app, reverse.teamId, loser, 'admin');

    await merge(survivor, loser);

    for (const { teamId } of [alone, both, reverse]) {
      expect(await membersOf(teamId)).toEqual({ [survivor.userId]: 'owner' });
      expect(await teamRow(teamId)).toEqual({
        owner_id: survivor.userId,
        created_by: survivor.userId,
        member_count: 1,
      });
    }
    expect(await actsOf(both.teamId)).toMatchObject([
      { action: 'team_member.left', actor: 'system', details: { reason: 'merged' } },
      { action: 'team.ownership_transferred', actor: 'system' },
    ]);
  });

  it('go to the longest-serving admin when the account of the owner is erased', async () => {
    const [owner, editor] = [await signInPerson(app, demo), await signInPerson(app, demo)];
    const [first, second] = [await signInPerson(app, demo), await signInPerson(app, demo)];
    const { teamId } = await aTeam(owner);
    await addMember(app, teamId, editor, 'editor');
    await addMember(app, teamId, second, 'admin');
    await addMember(app, teamId, first, 'admin');
    await app.database.query(
      `UPDATE team_members SET joined_at = joined_at - interval '1 day' WHERE user_id = $1`,
      [first.userId],
    );

    await erase(owner);

    expect(await membersOf(teamId)).toEqual({
      [first.userId]: 'owner',
      [second.userId]: 'admin',
      [editor.userId]: 'editor',
    });
    expect(await teamRow(teamId)).toEqual({ owner_id: first.userId, created_by: null, member_count: 3 });
  });

  it('are deleted with the account of the owner where there is no admin, and leave nothing', async () => {
    const [owner, editor] = [await signInPerson(app, demo), await signInPerson(app, demo)];
    const { teamId } = await aTeam(owner);
    await addMember(app, teamId, editor, 'editor');

    await erase(owner);

    expect(await teamRow(teamId)).toBeNull();
    expect(await membersOf(teamId)).toEqual({});
    expect((await editor.get(`/v1/teams/${teamId}`)).status).toBe(404);
    const records = await app.database.query(
      `SELECT actor FROM audit_records WHERE action = 'team.deleted' AND subject = $1`,
      [teamId],
    );
    expect(records).toEqual([{ actor: 'system' }]);
  });

  it('are in the export of the account', async () => {
    const owner = await signInPerson(app, demo);
    const { teamId, name } = await aTeam(owner);
    await owner.stepUp();

    const answer = await owner.get('/v1/me/export').buffer(true);
    const { teams } = readExport(answer.text).sections;
    const at = app.clock.now().toISOString();
    const { applicationId } = demo;
    expect(teams?.items).toEqual([
      { teamId, applicationId, name, role: 'owner', isCreator: true, joinedAt: at, invitedBy: null },
    ]);
  });
});
