import { afterCommit, Database } from '@countersign/database';
import { aTeam } from '../support/teams';
import { signInPerson, type PersonSession } from '../support/person-session';
import { useApplication, useTestApp } from '../support/use-test-app';

describe('metrics of teams', () => {
  const app = useTestApp();
  const demo = useApplication(app);

  const valueOf = async (sample: string): Promise<number> => {
    const { text } = await app.gateway.get('/metrics');
    const line = text.split('\n').find((one) => one.startsWith(`${sample} `));
    return Number(line?.slice(sample.length + 1) ?? 0);
  };
  /** By how much samples grow. */
  const growth = async (
    samples: readonly string[],
    work: () => Promise<void>,
  ): Promise<readonly number[]> => {
    const before = await Promise.all(samples.map(valueOf));
    await work();
    const after = await Promise.all(samples.map(valueOf));
    return after.map((value, index) => value - (before[index] ?? 0));
  };
  const tokenFor = async (owner: PersonSession, teamId: string): Promise<string> => {
    const { body } = await owner.post(`/v1/teams/${teamId}/invitations`, { role: 'viewer' }).expect(201);
    return (body as { token: string }).token;
  };

  it('count who joins and leaves, and how invitations end', async () => {
    const [owner, guest] = [await signInPerson(app, demo), await signInPerson(app, demo)];
    const changes = ['joined",how="created', 'joined",how="invitation', 'left",how="left'];
    const outcomes = ['accepted', 'invitation.used_up', 'invitation.not_found'];
    const samples = [
      ...changes.map((labels) => `countersign_team_members_total{change="${labels}"}`),
      ...outcomes.map((outcome) => `countersign_invitations_total{outcome="${outcome}"}`),
    ];

    const grown = await growth(samples, async () => {
      const { teamId } = await aTeam(owner);
      const token = await tokenFor(owner, teamId);
      await guest.post('/v1/invitations/accept', { token }).expect(200);
      await guest.delete(`/v1/teams/${teamId}/members/${guest.userId}`).expect(204);
      const other = await signInPerson(app, demo);
      await other.post('/v1/invitations/accept', { token }).expect(409);
      await other.post('/v1/invitations/accept', { token: 'x'.repeat(32) }).expect(404);
    });

    expect(grown).toEqual([1, 1, 1, 1, 1, 1]);
  });

  it('are not touched by what is rolled back, and once by what is repeated', async () => {
    const database = app.nest.get(Database);
    let [committed, rolledBack, attempts] = [0, 0, 0];
    const failed = database.transaction((tx) => {
      afterCommit(tx, () => (rolledBack += 1));
      return Promise.reject(new Error('no'));
    });
    await expect(failed).rejects.toThrow('no');
    await database.transaction(async (tx) => {
      afterCommit(tx, () => (committed += 1));
      attempts += 1;
      if (attempts === 1) await tx.query(`DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40P01'; END $$`);
      await tx.query('SELECT 1');
    });

    expect({ committed, rolledBack, attempts }).toEqual({ committed: 1, rolledBack: 0, attempts: 2 });
  });
});
