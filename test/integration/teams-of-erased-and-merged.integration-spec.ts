import { Client } from 'pg';
import { ErasureCompletion } from '@countersign/account';
import { DAY } from '@countersign/clock';
import { mergeAccounts } from '../support/accounts';
import { signInOpenWeb3, signInPerson, type PersonSession } from '../support/person-session';
import { invite } from '../support/invitations';
import { steppedUpFor, withGrant } from '../support/relaunch';
import { addMember, aTeam } from '../support/teams';
import { until } from '../support/until';
import { useApplication, useOpenWeb3Bot, useTestApp } from '../support/use-test-app';
import { useFixture } from '../support/use-fixture';

/** As `TeamsRepository` has it. */
const CHANNEL = 'countersign_teams_changed';

const LOCK_TEAM = 'SELECT 1 FROM teams WHERE id = $1 FOR NO KEY UPDATE';

describe('the teams of an account that is erased or merged', () => {
  const app = useTestApp();
  const demo = useApplication(app);
  const im = useOpenWeb3Bot(app, demo);
  const other = useFixture(
    async () => {
      const client = new Client({ connectionString: app.database.directUrl });
      await client.connect();
      return client;
    },
    { close: (client) => client.end() },
  );

  const mergeInto = (survivor: PersonSession, loser: PersonSession) =>
    mergeAccounts(app, demo, survivor, loser);

  async function erase(session: PersonSession): Promise<void> {
    const { grant, ...second } = await steppedUpFor(app, demo, session, 'account.erase');
    const erased = await withGrant(second.delete(`/v1/me?confirm=${session.userId}`), grant);
    expect(erased.status).toBe(202);
    const later = new Date(app.clock.now().getTime() + 8 * DAY);
    expect(await app.nest.get(ErasureCompletion).complete(session.userId, later)).toBe(true);
  }

  async function heardDuring(act: () => Promise<void>): Promise<readonly string[]> {
    const heard: string[] = [];
    const listen = ({ payload = '' }) => heard.push(payload);
    other.on('notification', listen);
    try {
      await other.query(`LISTEN ${CHANNEL}`);
      await act();
      await other.query('SELECT 1');
      await other.query(`UNLISTEN ${CHANNEL}`);
    } finally {
      other.off('notification', listen);
    }
    return heard;
  }

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
    ['merged', async (person: PersonSession) => mergeInto(await signInPerson(app, demo), person)],
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
    const { invitationId } = await invite(person, { teamId, owner: friend });

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

  it.each(ends)('are announced for the person, whatever their role, when it is %s', async (_, end) => {
    for (const role of ['owner', 'viewer'] as const) {
      const [person, friend] = [await signInOpenWeb3(app, im), await signInPerson(app, demo)];
      const { teamId } = await aTeam(role === 'owner' ? person : friend);
      if (role === 'viewer') await addMember(app, teamId, person, role);

      expect(await heardDuring(() => end(person))).toContain(`user:${person.userId}`);
    }
  });

  it('are announced for all their members when they end with the account of their owner', async () => {
    const [owner, friend] = [await signInPerson(app, demo), await signInPerson(app, demo)];
    const { teamId } = await aTeam(owner);
    await addMember(app, teamId, friend, 'editor');

    expect(await heardDuring(() => erase(owner))).toContain(`team:${teamId}`);
  });

  it('go to an admin who can act, before one who served longer and cannot', async () => {
    const [owner, banned, leaving, active] = [
      await signInPerson(app, demo),
      await signInPerson(app, demo),
      await signInPerson(app, demo),
      await signInPerson(app, demo),
    ];
    const { teamId } = await aTeam(owner);
    for (const admin of [banned, leaving, active]) {
      await addMember(app, teamId, admin, 'admin');
      app.clock.advance(1);
    }
    await app.database.query(`UPDATE users SET status = 'deactivated' WHERE id = $1`, [banned.userId]);
    await leaving.stepUp();
    expect((await leaving.delete(`/v1/me?confirm=${leaving.userId}`)).status).toBe(202);

    await erase(owner);

    const rows = await app.database.query('SELECT owner_id FROM teams WHERE id = $1', [teamId]);
    expect(rows).toEqual([{ owner_id: active.userId }]);
  });

  it('go to an admin who cannot act where there is no other', async () => {
    const [owner, banned] = [await signInPerson(app, demo), await signInPerson(app, demo)];
    const { teamId } = await aTeam(owner);
    await addMember(app, teamId, banned, 'admin');
    await app.database.query(`UPDATE users SET status = 'deactivated' WHERE id = $1`, [banned.userId]);

    await erase(owner);

    const rows = await app.database.query('SELECT owner_id FROM teams WHERE id = $1', [teamId]);
    expect(rows).toEqual([{ owner_id: banned.userId }]);
  });

  it('have no member who invited themselves after a merge', async () => {
    const [survivor, loser] = [await signInPerson(app, demo), await signInOpenWeb3(app, im)];
    const { teamId } = await aTeam(loser);
    await addMember(app, teamId, survivor, 'viewer');
    await app.database.query('UPDATE team_members SET invited_by = $2 WHERE user_id = $1', [
      survivor.userId,
      loser.userId,
    ]);

    await mergeInto(survivor, loser);

    const rows = await app.database.query('SELECT invited_by, role FROM team_members WHERE team_id = $1', [
      teamId,
    ]);
    expect(rows).toEqual([{ invited_by: null, role: 'owner' }]);
  });
});
