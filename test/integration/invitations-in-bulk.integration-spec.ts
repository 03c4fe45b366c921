import { ErasureService } from '@countersign/account';
import { addMember, aTeam, invite, type TestTeam } from '../support/invitations';
import { signInPerson, type PersonSession } from '../support/person-session';
import { statementsOf } from '../support/statement-count';
import { useApplication, useTestApp } from '../support/use-test-app';

const FEW = 2;
const MANY = 20;

/** A member with thousands of invitations must not hold teams for long. */
describe('ending many invitations', () => {
  const app = useTestApp();
  const demo = useApplication(app);

  async function inviteOften(inviter: PersonSession, team: TestTeam, count: number) {
    for (let made = 0; made < count; made += 1) await invite(inviter, team);
  }

  async function expectRevoked({ teamId }: TestTeam, count: number, reason: string) {
    const [found] = await app.database.query<object>(
      `SELECT (SELECT count(*)::int FROM team_invitations WHERE team_id = $1 AND revoke_reason = $2) AS rows,
         (SELECT count(*)::int FROM audit_records WHERE action = 'invitation.revoked'
          AND details ->> 'teamId' = $1::text AND details ->> 'reason' = $2) AS audit`,
      [teamId, reason],
    );
    expect(found).toEqual({ rows: count, audit: count });
  }

  /** With few invitations, and with many. The caller's session is read anew once its cached row is too old. */
  async function expectEqual(statementsWith: (count: number) => Promise<readonly string[]>): Promise<void> {
    const withoutSession = async (count: number) =>
      (await statementsWith(count)).filter((statement) => !statement.endsWith('FROM sessions WHERE id = $1'));
    await withoutSession(FEW);
    const few = await withoutSession(FEW);
    expect(await withoutSession(MANY)).toEqual(few);
  }

  it('takes as many statements as ending one, where the inviter is removed', async () => {
    await expectEqual(async (count) => {
      const team = await aTeam(app, demo);
      const admin = await signInPerson(app, demo);
      await addMember(app, team, admin, 'admin');
      await inviteOften(admin, team, count);
      const path = `/v1/teams/${team.teamId}/members/${admin.userId}`;
      const statements = await statementsOf(app, async () => {
        expect((await team.owner.delete(path)).status).toBe(204);
      });
      await expectRevoked(team, count, 'inviter');
      return statements;
    });
  });

  it('takes as many statements as ending one, where the team is deleted', async () => {
    await expectEqual(async (count) => {
      const team = await aTeam(app, demo);
      await inviteOften(team.owner, team, count);
      expect((await team.owner.stepUp()).status).toBe(200);
      const statements = await statementsOf(app, async () => {
        expect((await team.owner.delete(`/v1/teams/${team.teamId}`)).status).toBe(204);
      });
      await expectRevoked(team, count, 'team-deleted');
      return statements;
    });
  });

  it('takes as many statements as ending one, where an erasure ends them', async () => {
    await expectEqual(async (count) => {
      const team = await aTeam(app, demo);
      const person = await signInPerson(app, demo);
      await addMember(app, team, person, 'admin');
      await inviteOften(person, team, count);
      const statements = await statementsOf(app, async () => {
        expect(await app.nest.get(ErasureService).eraseFor(person.userId, 'ticket-1', true)).toBeNull();
      });
      await expectRevoked(team, count, 'inviter');
      return statements;
    });
  });
});
