import { randomUUID } from 'node:crypto';
import type { Page } from '@countersign/http';
import { mergeAccounts } from '../support/accounts';
import { expectProblem } from '../support/expect-problem';
import { invite } from '../support/invitations';
import { anOperator } from '../support/operator';
import { signInPerson, type PersonSession } from '../support/person-session';
import { addMember, aTeam, aTeamName } from '../support/teams';
import { useFixture } from '../support/use-fixture';
import { useApplication, useTestApp } from '../support/use-test-app';

interface Team {
  readonly teamId: string;
  readonly name: string;
  readonly ownerId: string;
  readonly memberCount: number;
  readonly [field: string]: unknown;
}

const TEAMS = '/v1/admin/teams';

describe('teams for operators', () => {
  const app = useTestApp();
  const demo = useApplication(app);
  const operator = useFixture(() => anOperator(app));

  const signIn = () => signInPerson(app, demo);
  const create = (owner: PersonSession, name = aTeamName()) => aTeam(owner, { name });
  const join = async (teamId: string): Promise<PersonSession> => {
    const person = await signIn();
    await addMember(app, teamId, person, 'viewer');
    return person;
  };
  const itemsOf = async <T = Team>(path: string): Promise<readonly T[]> =>
    ((await operator.get(path).expect(200)).body as Page<T>).items;
  /** What the act of the operator left behind. */
  const traces = (action: string, subject: string) =>
    app.database.query<{ details: Record<string, string> }>(
      `SELECT details FROM audit_records WHERE action = $1 AND actor = $2 AND (subject = $3 OR details->>'teamId' = $3)`,
      [action, `principal:${operator.principalId}`, subject],
    );

  it('are listed and read with each filter', async () => {
    const [owner, other] = [await signIn(), await signIn()];
    const [first, second] = [await create(owner, 'Zebra One'), await create(other, 'ZEBRA two')];
    const member = await join(first.teamId);
    const application = `applicationId=${demo.applicationId}`;
    const found = async (query: string): Promise<string[]> =>
      (await itemsOf(`${TEAMS}?${query}`)).map(({ teamId }) => teamId);

    expect(await found(`${application}&name=zebra`)).toEqual([first.teamId, second.teamId]);
    for (const { userId } of [owner, member]) expect(await found(`userId=${userId}`)).toEqual([first.teamId]);
    expect(await found(`applicationId=${randomUUID()}`)).toEqual([]);
    expect((await operator.get(`${TEAMS}/${first.teamId}`)).body).toMatchObject({
      teamId: first.teamId,
      applicationId: demo.applicationId,
      name: 'Zebra One',
      ownerId: owner.userId,
      memberCount: 2,
    });
    expectProblem(await operator.get(`${TEAMS}?name=zebra`), 400, 'request.invalid');
    expectProblem(await operator.get(`${TEAMS}/${randomUUID()}`), 404, 'team.not_found');
  });

  it('are deleted for good', async () => {
    const owner = await signIn();
    const { teamId } = await create(owner);

    await operator.delete(`${TEAMS}/${teamId}`).expect(204);

    expectProblem(await operator.delete(`${TEAMS}/${teamId}`), 404, 'team.not_found');
    expect(await traces('team.deleted', teamId)).toHaveLength(1);
  });

  it('are handed to a member with a reason, which the trail has', async () => {
    const owner = await signIn();
    const { teamId } = await create(owner);
    const member = await join(teamId);
    const transfer = (body: object) => operator.post(`${TEAMS}/${teamId}/transfer`, body);
    const reason = 'ticket-7';

    expectProblem(await transfer({ userId: member.userId }), 400, 'request.invalid');
    expectProblem(await transfer({ userId: member.userId, reason: 'Max Doe' }), 400, 'request.invalid');
    expectProblem(await transfer({ userId: randomUUID(), reason }), 404, 'team.member_not_found');
    const outsider = await signIn();
    expectProblem(await transfer({ userId: outsider.userId, reason }), 404, 'team.member_not_found');
    const handed = await transfer({ userId: member.userId, reason }).expect(200);
    expect(handed.body).toMatchObject({ ownerId: member.userId });

    const members = await itemsOf<{ userId: string; role: string }>(`${TEAMS}/${teamId}/members`);
    expect(new Map(members.map(({ userId, role }) => [userId, role]))).toEqual(
      new Map([
        [owner.userId, 'admin'],
        [member.userId, 'owner'],
      ]),
    );
    const audit = await traces('team.ownership_transferred', teamId);
    expect(audit).toMatchObject([{ details: { reason } }]);
  });

  it('lose members, but not their owner', async () => {
    const owner = await signIn();
    const { teamId } = await create(owner);
    const admin = await signIn();
    await addMember(app, teamId, admin, 'admin');
    const { invitationId } = await invite(admin, { teamId });
    const path = `${TEAMS}/${teamId}/members`;

    expectProblem(await operator.delete(`${path}/${owner.userId}`), 409, 'team.owner_cannot_leave');
    expectProblem(await operator.delete(`${path}/${randomUUID()}`), 404, 'team.member_not_found');
    await operator.delete(`${path}/${admin.userId}`).expect(204);
    expectProblem(await operator.delete(`${path}/${admin.userId}`), 404, 'team.member_not_found');
    expect((await operator.get(`${TEAMS}/${teamId}`)).body).toMatchObject({ memberCount: 1 });
    expect((await owner.get(`/v1/teams/${teamId}/invitations`)).body).toMatchObject({
      items: [{ invitationId, revokeReason: 'inviter' }],
    });
    const audit = await traces('team_member.left', teamId);
    expect(audit).toMatchObject([{ details: { reason: 'removed' } }]);
  });

  it('are not changed for a member by the id of an account that was merged into theirs', async () => {
    const { teamId } = await create(await signIn());
    const member = await join(teamId);
    const loser = await signIn();
    await mergeAccounts(app, demo, member, loser);
    const path = `${TEAMS}/${teamId}`;
    const body = { userId: loser.userId, reason: 'ticket-8' };

    for (const answer of [
      await operator.delete(`${path}/members/${loser.userId}`),
      await operator.post(`${path}/transfer`, body),
    ]) {
      expectProblem(answer, 409, 'user.merged_into_another');
      expect(answer.body).toMatchObject({ mergedInto: member.userId });
    }
    expect((await operator.get(path)).body).toMatchObject({ memberCount: 2 });
    await operator.post(`${path}/transfer`, { ...body, userId: member.userId }).expect(200);
  });

  it('keep one owner, however many operators and members act at once', async () => {
    const owner = await signIn();
    const { teamId } = await create(owner);
    const members: PersonSession[] = [];
    while (members.length < 6) members.push(await join(teamId));
    const acts = members.flatMap(({ userId }) => [
      operator.post(`${TEAMS}/${teamId}/transfer`, { userId, reason: 'storm' }),
      operator.delete(`${TEAMS}/${teamId}/members/${userId}`),
    ]);

    const answers = await Promise.all(acts);

    for (const { status } of answers) expect([200, 204, 404, 409]).toContain(status);
    const [kept] = await app.database.query<{ owners: number; members: number; count: number }>(
      `SELECT count(*) FILTER (WHERE m.role = 'owner')::int AS owners, count(*)::int AS members,
         max(t.member_count) AS count
       FROM team_members m JOIN teams t ON t.id = m.team_id WHERE t.id = $1`,
      [teamId],
    );
    expect(kept).toMatchObject({ owners: 1, members: kept?.count });
  });
});
