import { Client } from 'pg';
import { expectProblem } from '../support/expect-problem';
import { aTeam, invite } from '../support/invitations';
import { signInPerson } from '../support/person-session';
import { until } from '../support/until';
import { useFixture } from '../support/use-fixture';
import { useApplication, useTestApp } from '../support/use-test-app';

describe('an invitation that vanishes', () => {
  const app = useTestApp();
  const demo = useApplication(app);
  const client = useFixture(
    async () => {
      const made = new Client({ connectionString: app.database.directUrl });
      await made.connect();
      return made;
    },
    { close: (made) => made.end() },
  );

  it.each<['team_invitations' | 'teams', boolean]>([
    ['team_invitations', false],
    ['team_invitations', true],
    ['teams', true],
  ])('with its row of %s while the person declines it is unknown (blocking: %j)', async (table, block) => {
    const team = await aTeam(app, demo);
    const guest = await signInPerson(app, demo);
    const recipient = { telegramUserId: String(guest.person.id) };
    const { invitationId } = await invite(team.owner, team, { recipient });
    await client.query('BEGIN');
    await client.query(`DELETE FROM ${table} WHERE id = $1`, [
      table === 'teams' ? team.teamId : invitationId,
    ]);

    const declined = guest.post(`/v1/me/invitations/${invitationId}/decline`, { block }).then((it) => it);
    await until(async () => {
      const { rows } = await client.query('SELECT 1 FROM pg_locks WHERE NOT granted');
      return rows.length > 0;
    });
    await client.query('COMMIT');

    expectProblem(await declined, 404, 'invitation.not_found');
  });
});
