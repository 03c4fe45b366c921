import { countBy, times } from '../factories';
import { aTeam, invite, membersOf } from '../support/invitations';
import { signInPerson } from '../support/person-session';
import { until } from '../support/until';
import { useApplication, useTestApp } from '../support/use-test-app';

const PEOPLE = 10;

describe('ten people with one link at once', () => {
  const app = useTestApp({ environment: { DATABASE_POOL_SIZE: '10' } });
  const demo = useApplication(app);

  it('all join after they waited for the row of the team', async () => {
    const team = await aTeam(app, demo);
    const { token } = await invite(team.owner, team, { maxUses: PEOPLE });
    const sessions = await Promise.all(times(PEOPLE, () => signInPerson(app, demo)));
    const held = await app.database.hold(`SELECT FROM teams WHERE id = '${team.teamId}' FOR NO KEY UPDATE`);
    const answering = Promise.all(
      sessions.map((session) => session.post('/v1/invitations/accept', { token })),
    );
    await until(() => app.isWaitingFor('teams'));
    await held.commit();
    const answers = await answering;

    expect(countBy(answers, ({ status }) => String(status))).toEqual({ '200': PEOPLE });
    expect(await membersOf(app, team.teamId)).toHaveLength(PEOPLE);
  });
});
