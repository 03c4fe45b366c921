import { randomUUID } from 'node:crypto';
import { expectProblem } from '../support/expect-problem';
import { anOperator } from '../support/operator';
import { signInPerson } from '../support/person-session';
import { aReferrer, codeOf, joinBy, postLaunch, referralIn, withReferrals } from '../support/referrals';
import { useCountersign } from '../support/run-countersign';
import { useFixture } from '../support/use-fixture';
import { useApplication, useTestApp } from '../support/use-test-app';

describe('the referrals of an account, for operators', () => {
  const app = useTestApp();
  const demo = useApplication(app, withReferrals());
  const operator = useFixture(() => anOperator(app));
  const countersign = useCountersign(app);

  it('are answered by the API and at the command line, for each application', async () => {
    const other = await app.createApplication(withReferrals());
    const { session, code } = await aReferrer(app, demo);
    const child = await joinBy(app, demo, code);
    const childCode = await codeOf(child);
    await joinBy(app, demo, childCode);
    const elsewhere = await codeOf(await signInPerson(app, other, child.person));

    const { status, body } = await operator.get(`/v1/admin/users/${child.userId}/referrals`);

    expect(status).toBe(200);
    const none = Array<number>(9).fill(0);
    const items = [
      {
        applicationId: demo.applicationId,
        source: 'start-param',
        code: childCode,
        referrers: [{ level: 1, userId: session.userId }],
        counts: [1, ...none],
      },
      {
        applicationId: other.applicationId,
        source: null,
        code: elsewhere,
        referrers: [],
        counts: [0, ...none],
      },
    ].toSorted((one, two) => (one.applicationId < two.applicationId ? -1 : 1));
    expect(body).toEqual({ items });
    const { output } = await countersign.run(`user list-referrals ${child.userId} --json`);
    expect(
      output
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as object),
    ).toEqual(items);
    const { output: text } = await countersign.run(`user list-referrals ${child.userId}`);
    expect(text).toContain(
      `${demo.applicationId}  ${childCode}  start-param  ${session.userId}  1 0 0 0 0 0 0 0 0 0`,
    );
  });

  it('are none of a person without any, and of nobody', async () => {
    const { userId } = await app.signIn(demo);

    expect((await operator.get(`/v1/admin/users/${userId}/referrals`)).body).toEqual({ items: [] });
    expect((await countersign.run(`user list-referrals ${userId}`)).output).toBe('None\n');
    for (const id of [randomUUID(), 'nobody'])
      expectProblem(await operator.get(`/v1/admin/users/${id}/referrals`), 404, 'user.not_found');
  });

  it('need their scope', async () => {
    const { session } = await aReferrer(app, demo);
    const reader = await anOperator(app, ['users:read']);

    expectProblem(
      await reader.get(`/v1/admin/users/${session.userId}/referrals`),
      403,
      'principal.scope_missing',
    );
  });

  it('end with an erasure at the command line', async () => {
    const { session, code } = await aReferrer(app, demo);

    await countersign.run(`user erase ${session.userId} --reason ticket-1 --now`);

    expect(referralIn(await postLaunch(app, demo, `r_${code}`))).toEqual({
      outcome: 'ignored',
      code: 'referral.unknown_code',
    });
    expect(await app.database.query('SELECT 1 FROM referral_codes WHERE code = $1', [code])).toEqual([]);
  });
});
