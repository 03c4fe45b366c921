import { decodeJwt } from 'jose';
import { Client } from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { Notifications } from '@countersign/database';
import { times, type SignInBody } from '../factories';
import { signInPerson } from '../support/person-session';
import type { TestApp } from '../support/test-app';
import { addMember, aTeam } from '../support/teams';
import { until } from '../support/until';
import { useApplication, useReplica, useTestApp } from '../support/use-test-app';

type Role = 'owner' | 'admin' | 'editor' | 'viewer';

/** As `TeamsRepository` has it. */
const CHANNEL = 'countersign_teams_changed';

interface Claims {
  readonly iat: number;
  readonly teams?: readonly { readonly id: string; readonly role: Role }[];
  readonly teamsTruncated?: boolean;
}

describe('the teams in identity tokens', () => {
  const app = useTestApp();
  const replica = useReplica(app);
  const shop = useApplication(app);
  const game = useApplication(app);
  const lonely = useApplication(app);

  const claimsOn = async (
    where: TestApp,
    { accessToken }: Pick<SignInBody, 'accessToken'>,
  ): Promise<Claims> => {
    const answer = await where.check(accessToken);
    expect({ status: answer.status, text: answer.text }).toEqual({ status: 200, text: '' });
    return decodeJwt<Claims>(answer.headers['x-identity-token'] ?? '');
  };
  const teamsOn = async (where: TestApp, session: Pick<SignInBody, 'accessToken'>) =>
    (await claimsOn(where, session)).teams;

  /** One transaction: the statements, and the notifications of the service. */
  async function change(statements: readonly string[], ...messages: readonly string[]): Promise<void> {
    const told = messages.map((message) => `SELECT pg_notify('${CHANNEL}', '${message}')`);
    await app.database.query(['BEGIN', ...statements, ...told, 'COMMIT'].join('; '));
    await app.catchUp();
  }

  const membership = (teamId: string, applicationId: string, userId: string, role: Role): string =>
    `INSERT INTO team_members (team_id, application_id, user_id, role, joined_at)
     VALUES ('${teamId}', '${applicationId}', '${userId}', '${role}', now())`;

  async function createTeam(applicationId: string, { userId }: Pick<SignInBody, 'userId'>): Promise<string> {
    const teamId = uuidv7();
    await change(
      [
        `INSERT INTO teams (id, application_id, name, name_key, owner_id, member_count, created_at, updated_at)
         VALUES ('${teamId}', '${applicationId}', '${teamId}', '${teamId}', '${userId}', 1, now(), now())`,
        membership(teamId, applicationId, userId, 'owner'),
      ],
      `user:${userId}`,
      `application:${applicationId}`,
    );
    return teamId;
  }

  const join = (teamId: string, { userId }: SignInBody, role: Role, applicationId = shop.applicationId) =>
    change([membership(teamId, applicationId, userId, role)], `user:${userId}`);

  const isOf = (teamId: string, { userId }: SignInBody): string =>
    `team_id = '${teamId}' AND user_id = '${userId}'`;

  /** A team of somebody else, and a member who was checked at both processes a second ago. */
  async function aMember(role: Role): Promise<{ readonly teamId: string; readonly member: SignInBody }> {
    const teamId = await createTeam(shop.applicationId, await app.signIn(shop));
    const member = await app.signIn(shop);
    await join(teamId, member, role);
    app.clock.advance(1);
    for (const where of [app, replica]) expect(await teamsOn(where, member)).toEqual([{ id: teamId, role }]);
    app.clock.advance(1);
    return { teamId, member };
  }

  it('are those of the application of the session, oldest first, with the role in each', async () => {
    const [owner, member] = [await app.signIn(shop), await app.signIn(shop)];
    const teams = [];
    for (const role of ['viewer', 'admin', 'editor'] as const) {
      const id = await createTeam(shop.applicationId, owner);
      await join(id, member, role);
      teams.push({ id, role });
    }
    const elsewhere = await createTeam(game.applicationId, member);

    expect(await teamsOn(app, member)).toEqual(teams);
    expect(await teamsOn(app, owner)).toEqual(teams.map(({ id }) => ({ id, role: 'owner' })));
    expect(await teamsOn(app, await app.signIn(shop))).toEqual([]);
    expect((await teamsOn(app, owner))?.some(({ id }) => id === elsewhere)).toBe(false);
  });

  it('are twenty at most, and say so when there are more', async () => {
    const [exact, more] = [await app.signIn(shop), await app.signIn(shop)];
    const ids: string[] = [];
    for (const owner of [...times(20, () => exact), ...times(21, () => more)])
      ids.push(await createTeam(shop.applicationId, owner));

    expect(await claimsOn(app, exact)).not.toHaveProperty('teamsTruncated');
    const claims = await claimsOn(app, more);
    expect(claims.teamsTruncated).toBe(true);
    expect(claims.teams?.map(({ id }) => id)).toEqual(ids.slice(20, 40));
  });

  it('appear with the first team of an application that a route creates, at another process too', async () => {
    const owner = await signInPerson(app, await app.createApplication());
    for (const where of [app, replica]) expect(await teamsOn(where, owner)).toBeUndefined();

    const { teamId } = await aTeam(owner);
    await app.catchUp();

    for (const where of [app, replica])
      expect(await teamsOn(where, owner)).toEqual([{ id: teamId, role: 'owner' }]);
  });

  describe('of a checked session', () => {
    it.each<[string, (teamId: string, member: SignInBody) => Promise<void>, readonly Role[]]>([
      [
        'removed',
        (teamId, member) =>
          change([`DELETE FROM team_members WHERE ${isOf(teamId, member)}`], `user:${member.userId}`),
        [],
      ],
      [
        'made a viewer',
        (teamId, member) =>
          change(
            [`UPDATE team_members SET role = 'viewer' WHERE ${isOf(teamId, member)}`],
            `user:${member.userId}`,
          ),
        ['viewer'],
      ],
      [
        'left without a team by its deletion',
        (teamId) => change([`DELETE FROM teams WHERE id = '${teamId}'`], `team:${teamId}`),
        [],
      ],
      [
        'told of in a way that a later version may have',
        (teamId, member) =>
          change([`DELETE FROM team_members WHERE ${isOf(teamId, member)}`], `some-members:${teamId}`),
        [],
      ],
    ])('change at both processes when the person is %s', async (_, act, roles) => {
      const { teamId, member } = await aMember('editor');

      await act(teamId, member);

      for (const where of [app, replica])
        expect((await teamsOn(where, member))?.map(({ role }) => role)).toEqual(roles);
    });

    it('change also where the token was made in the second of the change', async () => {
      const { teamId, member } = await aMember('editor');
      await join(teamId, await app.signIn(shop), 'viewer');
      app.clock.advance(150);
      const { iat, teams } = await claimsOn(app, member);
      expect([iat, teams?.length]).toEqual([app.clock.now().getTime() / 1_000, 1]);

      await change([`DELETE FROM team_members WHERE ${isOf(teamId, member)}`], `user:${member.userId}`);
      expect(await teamsOn(app, member)).toEqual([]);
      app.clock.advance(0.999);
      expect(await teamsOn(app, member)).toEqual([]);
    });

    it('of others stay in memory', async () => {
      const [one, other] = [await aMember('editor'), await aMember('editor')];
      const before = await claimsOn(app, other.member);

      await change(
        [`DELETE FROM team_members WHERE ${isOf(one.teamId, one.member)}`],
        `user:${one.member.userId}`,
        `team:${one.teamId}`,
      );

      expect(await claimsOn(app, other.member)).toEqual(before);
    });
  });

  it('follow the routes of teams, at another process too, by one message per person or team', async () => {
    const [owner, member] = [await signInPerson(app, shop), await signInPerson(app, shop)];
    const listener = new Client({ connectionString: app.database.directUrl });
    const heard: string[] = [];
    listener.on('notification', ({ payload }) => heard.push(payload ?? ''));
    await listener.connect();
    try {
      await listener.query(`LISTEN ${CHANNEL}`);
      const { teamId } = await aTeam(owner);
      await addMember(app, teamId, member, 'editor');
      for (let count = 0; count < 20; count += 1)
        await addMember(app, teamId, await app.signIn(shop), 'viewer');
      await app.catchUp();
      const roles = async () =>
        Promise.all(
          [owner, member].map(async (person) => (await teamsOn(replica, person))?.map(({ role }) => role)),
        );
      const after = async (call: PromiseLike<{ readonly status: number }>) => {
        heard.length = 0;
        expect([200, 204]).toContain((await call).status);
        await app.catchUp();
        const seen = await roles();
        app.clock.advance(1);
        await listener.query('SELECT 1');
        return [...seen, heard.length];
      };
      const path = `/v1/teams/${teamId}`;
      expect(await roles()).toEqual([['owner'], ['editor']]);
      app.clock.advance(1);

      await owner.stepUp();
      expect(await after(owner.patch(`${path}/members/${member.userId}`, { role: 'admin' }))).toEqual([
        ['owner'],
        ['admin'],
        1,
      ]);
      expect(await after(owner.post(`${path}/transfer`, { userId: member.userId }))).toEqual([
        ['admin'],
        ['owner'],
        2,
      ]);
      expect(await after(owner.delete(`${path}/members/${owner.userId}`))).toEqual([[], ['owner'], 1]);
      await member.stepUp();
      expect(await after(member.delete(path))).toEqual([[], [], 1]);
    } finally {
      await listener.end();
    }
  });

  it('are not those from before a gap in the notifications, and cost none to others', async () => {
    const { teamId, member } = await aMember('editor');
    const stranger = await app.signIn(lonely);
    const before = await claimsOn(app, stranger);
    await cutNotifications();
    // Nobody hears of it.
    await change([`DELETE FROM team_members WHERE ${isOf(teamId, member)}`]);
    await until(() => app.isListening);

    expect(await teamsOn(app, member)).toEqual([]);
    expect(await claimsOn(app, stranger)).toEqual(before);
  });

  it('are read for each check while notifications are silent', async () => {
    const { teamId, member } = await aMember('editor');
    const live = jest.spyOn(app.nest.get(Notifications), 'isLive', 'get').mockReturnValue(false);
    try {
      await app.database.query(`DELETE FROM team_members WHERE ${isOf(teamId, member)}`);

      expect(await teamsOn(app, member)).toEqual([]);
    } finally {
      live.mockRestore();
    }
  });

  it('never outlive a change, among checks and changes at once', async () => {
    const { teamId, member } = await aMember('editor');
    const set = (role: Role) =>
      app.database.query(
        `UPDATE team_members SET role = '${role}' WHERE ${isOf(teamId, member)};
         SELECT pg_notify('${CHANNEL}', 'user:${member.userId}')`,
      );
    for (const [index, role] of (['viewer', 'admin', 'editor', 'viewer', 'admin'] as const).entries()) {
      const asking = Promise.all(times(24, (asked) => claimsOn(asked % 2 === 0 ? app : replica, member)));
      app.clock.advance(index % 2 === 0 ? 0.3 : 1.1);
      await set(role);
      await app.catchUp();
      for (const where of [app, replica]) expect((await teamsOn(where, member))?.[0]?.role).toBe(role);
      await asking;
      for (const where of [app, replica]) expect((await teamsOn(where, member))?.[0]?.role).toBe(role);
    }
  });

  async function cutNotifications(): Promise<void> {
    await app.database.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'countersign-listen'`,
    );
    await until(() => !app.isListening);
  }
});
