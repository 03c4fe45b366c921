import { Client } from 'pg';
import { ErasureCompletion } from '@countersign/account';
import { DAY } from '@countersign/runtime';
import { mergeAccounts } from '../support/accounts';
import { invite } from '../support/invitations';
import { aConfidentialApplication, basicOf } from '../support/oauth';
import { signInOpenWeb3, signInPerson, type PersonSession } from '../support/person-session';
import { steppedUpFor, withGrant } from '../support/relaunch';
import { addMember, aTeam } from '../support/teams';
import { until } from '../support/until';
import { useFixture } from '../support/use-fixture';
import { useOpenWeb3Bot, useTestApp } from '../support/use-test-app';

/** As `TeamsRepository` has it. */

const LOCK_TEAM = 'SELECT 1 FROM teams WHERE id = $1 FOR NO KEY UPDATE';

describe('teams of an account', () => {
  const app = useTestApp();
  const demo = useFixture(() => aConfidentialApplication(app));
  const im = useOpenWeb3Bot(app, demo);

  const other = useFixture(
    async () => {
      const client = new Client({ connectionString: app.database.directUrl });
      await client.connect();
      return client;
    },
    { close: (client) => client.end() },
  );

  const merge = (survivor: PersonSession, loser: PersonSession) => mergeAccounts(app, demo, survivor, loser);

  async function erase(session: PersonSession): Promise<void> {
    const { grant, ...second } = await steppedUpFor(app, demo, session, 'account.erase');
    const erased = await withGrant(second.delete(`/v1/me?confirm=${session.userId}`), grant);
    expect(erased.status).toBe(202);
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

  it('go to the longest-serving admin who can act, or else to one who cannot, when their owner is erased', async () => {
    const [owner, editor] = [await signInPerson(app, demo), await signInPerson(app, demo)];
    const admins = [];
    for (let each = 0; each < 4; each += 1) admins.push(await signInPerson(app, demo));
    const [banned, leaving, first, second] = admins;
    const ofBanned = await signInPerson(app, demo);
    const [{ teamId }, { teamId: otherId }] = [await aTeam(owner), await aTeam(ofBanned)];
    await addMember(app, teamId, editor, 'editor');
    for (const admin of admins) {
      await addMember(app, teamId, admin, 'admin');
      app.clock.advance(1);
    }
    await addMember(app, otherId, banned ?? owner, 'admin');
    await app.accounts.setStatus(banned?.userId ?? '', 'deactivated');
    await leaving?.stepUp();
    expect((await leaving?.delete(`/v1/me?confirm=${leaving.userId}`))?.status).toBe(202);

    for (const person of [owner, ofBanned]) await erase(person);

    expect(await membersOf(teamId)).toMatchObject({
      [first?.userId ?? '']: 'owner',
      [second?.userId ?? '']: 'admin',
      [editor.userId]: 'editor',
    });
    expect(await teamRow(teamId)).toEqual({ owner_id: first?.userId, created_by: null, member_count: 5 });
    expect(await teamRow(otherId)).toMatchObject({ owner_id: banned?.userId, member_count: 1 });
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

  /** The founder of a team leaves it to another one, and stays named there as its creator. */
  async function leave(founder: PersonSession, successor: PersonSession, teamId: string): Promise<void> {
    await addMember(app, teamId, successor, 'admin');
    const path = `/v1/teams/${teamId}`;
    const { grant, ...second } = await steppedUpFor(app, demo, founder, 'team.transfer');
    const transfer = second.post(`${path}/transfer`, { userId: successor.userId });
    expect((await withGrant(transfer, grant)).status).toBe(200);
    expect((await founder.delete(`${path}/members/${founder.userId}`)).status).toBe(204);
  }

  const ends = [
    ['erased', erase],
    ['merged', async (person: PersonSession) => merge(await signInPerson(app, demo), person)],
  ] as const;

  it.each(ends)(
    'are locked in the order of their ids when it is %s, also those it only created',
    async (_, end) => {
      const [person, friend] = [await signInOpenWeb3(app, im), await signInPerson(app, demo)];
      const [left, joined] = [await aTeam(person), await aTeam(friend)];
      await leave(person, friend, left.teamId);
      await addMember(app, joined.teamId, person, 'viewer');
      await whileWaitingFor(left.teamId, () => end(person), `${LOCK_TEAM} NOWAIT`, joined.teamId);
    },
  );

  it.each(ends)('are locked before their invitations when it is %s', async (_, end) => {
    const [person, friend] = [await signInOpenWeb3(app, im), await signInPerson(app, demo)];
    const { teamId } = await aTeam(friend);
    await addMember(app, teamId, person, 'admin');
    const { invitationId } = await invite(person, { teamId });

    const lock = 'SELECT 1 FROM team_invitations WHERE id = $1 FOR UPDATE NOWAIT';
    await whileWaitingFor(teamId, () => end(person), lock, invitationId);
  });

  /** Another transaction has the team; while `act` waits for it, it can lock the other row too. */
  async function whileWaitingFor(
    teamId: string,
    act: () => Promise<void>,
    lock: string,
    id: string,
  ): Promise<void> {
    await other.query('BEGIN');
    await other.query(LOCK_TEAM, [teamId]);
    const acting = act();
    try {
      await until(async () => {
        const { rows } = await other.query(
          'SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))',
        );
        return rows.length > 0;
      });
      expect((await other.query(lock, [id])).rowCount).toBe(1);
    } finally {
      await other.query('ROLLBACK');
      await acting;
    }
  }

  it('have no member who invited themselves after a merge', async () => {
    const [survivor, loser] = [await signInPerson(app, demo), await signInOpenWeb3(app, im)];
    const { teamId } = await aTeam(loser);
    await addMember(app, teamId, survivor, 'viewer');
    await app.database.query('UPDATE team_members SET invited_by = $2 WHERE user_id = $1', [
      survivor.userId,
      loser.userId,
    ]);

    await merge(survivor, loser);

    const rows = await app.database.query('SELECT invited_by, role FROM team_members WHERE team_id = $1', [
      teamId,
    ]);
    expect(rows).toEqual([{ invited_by: null, role: 'owner' }]);
  });
});
