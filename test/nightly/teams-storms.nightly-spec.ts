import type request from 'supertest';
import { countBy, times } from '../factories';
import { signInPerson, type PersonSession } from '../support/person-session';
import { addMember, aTeam, aTeamName, join } from '../support/teams';
import { useApplication, useReplica, useTestApp } from '../support/use-test-app';

interface State {
  readonly members: number;
  readonly owners: number;
  readonly counted: number;
  readonly isOwnerNamed: boolean;
}

describe('teams under parallel load', () => {
  const app = useTestApp({ environment: { DATABASE_POOL_SIZE: '20' } });
  const replica = useReplica(app);
  const demo = useApplication(app);
  const small = useApplication(app);

  const people = (count: number, where = demo): Promise<PersonSession[]> =>
    Promise.all(times(count, () => signInPerson(app, where)));

  async function stateOf(teamId: string): Promise<State | undefined> {
    const [state] = await app.database.query<State>(
      `SELECT count(m.*)::int AS members, count(*) FILTER (WHERE m.role = 'owner')::int AS owners,
         t.member_count AS counted, bool_or(m.role = 'owner' AND m.user_id = t.owner_id) AS "isOwnerNamed"
       FROM teams t LEFT JOIN team_members m ON m.team_id = t.id WHERE t.id = $1 GROUP BY t.id`,
      [teamId],
    );
    return state;
  }

  it('have exactly one owner through 50 transfers, removals, departures and demotions', async () => {
    const members = await people(10);
    const [owner] = members;
    if (!owner) throw new Error('there is nobody');
    const { teamId } = await aTeam(owner);
    for (const member of members.slice(1)) await addMember(app, teamId, member, 'admin');
    await Promise.all(members.map((member) => member.stepUp()));
    const of = (index: number): PersonSession => members[index % members.length] ?? owner;
    const path = `/v1/teams/${teamId}`;
    // Everybody tries, since each transfer may make somebody else the owner.
    const acts: ((index: number) => request.Test)[] = [
      (index) => of(index).post(`${path}/transfer`, { userId: of(index + 1).userId }),
      (index) => of(index).post(`${path}/transfer`, { userId: of(index + 7).userId }),
      (index) => of(index).delete(`${path}/members/${of(index + 3).userId}`),
      (index) => of(index + 4).delete(`${path}/members/${of(index + 4).userId}`),
      (index) => of(index).patch(`${path}/members/${of(index + 2).userId}`, { role: 'admin' }),
    ];

    const answers = await Promise.all(
      times(50, (index) => acts[(index * 7) % acts.length]?.(index) ?? of(index).get(path)),
    );

    const statuses = countBy(answers, ({ status }) => status);
    expect(Object.keys(statuses).filter((status) => !/^(200|204|403|404|409)$/.test(status))).toEqual([]);
    expect((statuses['200'] ?? 0) + (statuses['204'] ?? 0)).toBeGreaterThan(1);
    const state = await stateOf(teamId);
    expect(state).toMatchObject({ owners: 1, isOwnerNamed: true, counted: state?.members });
  });

  it('have an owner by the database alone', async () => {
    const [owner, admin] = await people(2);
    if (!owner || !admin) throw new Error('there is nobody');
    const { teamId } = await aTeam(owner);
    await addMember(app, teamId, admin, 'admin');
    const attempts = [
      `DELETE FROM team_members WHERE team_id = $1 AND role = 'owner'`,
      `UPDATE team_members SET role = 'admin' WHERE team_id = $1 AND role = 'owner'`,
      `UPDATE team_members SET role = 'owner' WHERE team_id = $1`,
      `UPDATE teams SET owner_role = 'admin' WHERE id = $1`,
      `UPDATE teams SET owner_id = (SELECT user_id FROM team_members WHERE team_id = $1 AND role = 'admin') WHERE id = $1`,
    ];
    for (const attempt of attempts)
      await expect(app.database.query(attempt, [teamId])).rejects.toThrow(/violates/);
    expect(await stateOf(teamId)).toMatchObject({ owners: 1, members: 2 });
  });

  it('have no more than a thousand members', async () => {
    const [owner, ...others] = await people(21, small);
    if (!owner) throw new Error('there is nobody');
    const { teamId } = await aTeam(owner);
    await app.database.query('UPDATE teams SET member_count = 996 WHERE id = $1', [teamId]);

    const outcomes = await Promise.all(
      others.map((person, index) => join(index % 2 === 0 ? app : replica, teamId, person, 'viewer')),
    );

    expect(countBy(outcomes, (outcome) => outcome)).toEqual({ joined: 4, 'team.full': 16 });
    expect(await stateOf(teamId)).toMatchObject({ members: 5, counted: 1_000 });
  });

  it('are no more per person than may be, joined and created together', async () => {
    const [person, ...owners] = await people(9, small);
    if (!person) throw new Error('there is nobody');
    for (let team = 0; team < 97; team += 1) await aTeam(person);
    const teams = await Promise.all(owners.map((owner) => aTeam(owner)));

    const joined = teams.map(async ({ teamId }) => join(replica, teamId, person, 'viewer'));
    const created = times(8, () => person.post('/v1/teams', { name: aTeamName() }));
    const [outcomes, answers] = [await Promise.all(joined), await Promise.all(created)];

    const made = answers.filter(({ status }) => status === 201).length;
    expect(outcomes.filter((outcome) => outcome === 'joined').length + made).toBe(3);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set(made > 0 ? [201, 409] : [409]));
    const { items } = (await person.get(`/v1/teams?member=${person.userId}&limit=200`)).body as {
      items: object[];
    };
    expect(items).toHaveLength(100);
  });

  it('have one holder of a name that many ask for at once, by creating and renaming', async () => {
    const owners = await people(10);
    const teams = await Promise.all(owners.map((owner) => aTeam(owner)));
    const name = `Modem ${owners[0]?.userId.slice(-8) ?? ''}`;
    const alike = [name, name.toUpperCase(), name.replace('Modem', 'Modern'), name.replace('Modem', 'M0dem')];

    const answers = await Promise.all(
      owners.flatMap((owner, index) => [
        owner.post('/v1/teams', { name: alike[index % alike.length] }),
        owner.patch(`/v1/teams/${teams[index]?.teamId ?? ''}`, { name: alike[(index + 1) % alike.length] }),
      ]),
    );

    const statuses = countBy(answers, ({ status }) => (status < 300 ? 'taken' : status));
    expect(statuses).toEqual({ taken: 1, 409: 19 });
  });
});
