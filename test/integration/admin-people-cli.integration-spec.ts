import { randomUUID } from 'node:crypto';
import { aPerson, times } from '../factories';
import { auditOf } from '../support/audit';
import { anOperator } from '../support/operator';
import { signInPerson } from '../support/person-session';
import { systemOperator } from '../support/audit-ways-of-operators';
import { useCountersign } from '../support/run-countersign';
import { useApplication, useTestApp } from '../support/use-test-app';

describe('people at the command line', () => {
  const app = useTestApp();
  const demo = useApplication(app);
  const countersign = useCountersign(app);

  const linesOf = async (words: string): Promise<readonly object[]> => {
    const { output } = await countersign.run(`${words} --json`);
    return output
      .trim()
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as object);
  };

  it('are listed and shown as the administration API answers them', async () => {
    const operator = await anOperator(app);
    for (const person of times(3, () => aPerson())) await app.signIn(demo, person);
    const itemsOf = async (path: string) =>
      ((await operator.get(`/v1/admin/${path}`)).body as { items: readonly object[] }).items;

    expect(await linesOf('user list')).toEqual(await itemsOf('users'));
    expect(await linesOf('user list --limit 2')).toEqual(await itemsOf('users?limit=2'));
    expect(await linesOf('user list --status deactivated')).toEqual([]);
    expect(await linesOf('user list --created-before 2020-01-01T00:00:00Z')).toEqual([]);
    expect(await linesOf('identity list')).toEqual(await itemsOf('identities'));
    expect(await linesOf('identity list --platform openweb3')).toEqual([]);
    const [user] = (await linesOf('user list --limit 1')) as { userId: string }[];
    const { userId = '' } = user ?? {};
    const ofUser = (await linesOf(`identity list --user ${userId}`)) as { identityId: string }[];
    expect(ofUser).toEqual(await itemsOf(`users/${userId}/identities`));
    const shown = await countersign.json(`user show ${userId}`);
    expect(shown).toEqual((await operator.get(`/v1/admin/users/${userId}`)).body);
    const { identityId = '' } = ofUser[0] ?? {};
    const identity = await countersign.json(`identity show ${identityId}`);
    expect(identity).toEqual((await operator.get(`/v1/admin/identities/${identityId}`)).body);

    const { output } = await countersign.run('user list');
    expect(output).toMatch(/^user {2,}status {2,}created {2,}last seen {2,}platforms {2,}erased at\n/);
    expect(output).toContain(`${userId}  active  `);
    expect((await countersign.run('user list --status deactivated')).output).toBe('None\n');
    expect((await countersign.run(`user show ${userId}`)).output).toMatch(/^userId +\S+\nstatus +active\n/);
    expect((await countersign.run('identity list')).output).toMatch(/^identity {2,}user/);
  });

  it('are found, read and closed, and all of that is recorded', async () => {
    const session = await signInPerson(app, demo);
    const { userId } = session;
    for (const way of [
      `--telegram-id ${session.person.id}`,
      `--session ${session.sessionId}`,
      `--user ${userId}`,
    ])
      expect(await countersign.json(`user find ${way}`)).toEqual({ userIds: [userId] });
    expect(await countersign.run(`user find --user ${userId}`)).toMatchObject({ exitCode: 0 });
    expect(await countersign.run('user find --openweb3-id 1')).toEqual({ exitCode: 4, output: 'None\n' });
    expect(await countersign.run('user find --openweb3-id 1 --json')).toEqual({
      exitCode: 4,
      output: '{"userIds":[]}\n',
    });

    const reveal = `user reveal ${userId} --field identity.firstName --field profile.email --reason ticket-1`;
    expect(await countersign.json(reveal)).toMatchObject({ userId, profile: { email: null } });
    expect((await countersign.run(reveal)).output).toMatch(/^User \S+\n\nidentityId {2,}/);
    expect((await auditOf(app, { action: 'user.revealed' })).at(-1)).toMatchObject({ actor: systemOperator });

    await countersign.json(`user erase ${userId} --reason ticket-2`);
    const cancelled = await countersign.json(`user cancel-erasure ${userId} --reason ticket-3`);
    expect(cancelled).toEqual({ userId, erasesAt: null });
  });

  it.each([
    'user find',
    'user find --telegram-id 1 --user x',
    'user find --telegram-id x',
    `user find --session ${randomUUID()} --environment test`,
    'user list --limit 0',
    'user list --limit 10001',
    'user list --created-after yesterday',
    `user reveal ${randomUUID()} --reason x`,
    `user reveal ${randomUUID()} --field data_key --reason x`,
    'identity list --platform vk',
  ])('refuse %s', async (words) => {
    await expect(countersign.run(words)).rejects.toMatchObject({ name: 'UsageError' });
  });
});
