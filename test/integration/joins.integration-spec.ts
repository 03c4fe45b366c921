import { aPerson, times } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { isLive, signInByWidget, signInPerson, type PersonSession } from '../support/person-session';
import {
  askToJoin,
  launchedToJoin,
  relaunch,
  steppedUpFor,
  withGrant,
  type AskedJoin,
} from '../support/relaunch';
import { useApplication, useTestApp } from '../support/use-test-app';

describe('joining two accounts by consent', () => {
  const app = useTestApp();
  const demo = useApplication(app);

  it('does nothing by a launch alone, or without its grant, or by an access token', async () => {
    const thief = await signInPerson(app, demo);
    const victim = await signInPerson(app, demo);
    const { code, number } = await askToJoin(app, demo, thief);

    const second = await relaunch(app, demo, victim.person, `j_${code}`);
    expect((await signInPerson(app, demo, victim.person)).userId).toBe(victim.userId);
    for (const session of [second, victim])
      expectProblem(
        await session.post(`/v1/joins/${code}/accept`, { number }),
        403,
        'account.step_up_required',
      );
    expectProblem(
      await withGrant(victim.post(`/v1/joins/${code}/accept`, { number }), second.joinAnswer?.grant ?? ''),
      403,
      'account.grant_invalid',
    );
    expect((await signInPerson(app, demo, victim.person)).userId).toBe(victim.userId);
  });

  it('is not accepted by a step-up of the session, which saw no request', async () => {
    const thief = await signInPerson(app, demo);
    const known = await signInPerson(app, demo);
    const { code, number } = await askToJoin(app, demo, thief);
    for (const victim of [known, await signInPerson(app, demo)]) {
      expect((await victim.stepUp()).status).toBe(200);

      const accepted = await victim.post(`/v1/joins/${code}/accept`, { number });

      expectProblem(accepted, 403, 'account.step_up_required');
      expect(await isLive(app, victim)).toBe(true);
    }
  });

  it('is accepted by the launch with its own code only', async () => {
    const [asking, other, victim] = [
      await signInPerson(app, demo),
      await signInPerson(app, demo),
      await signInPerson(app, demo),
    ];
    const [seen, unseen] = [await askToJoin(app, demo, asking), await askToJoin(app, demo, other)];
    const launched = await launchedToJoin(app, demo, victim.person, seen.code);
    const accept = ({ code, number }: AskedJoin) =>
      withGrant(launched.post(`/v1/joins/${code}/accept`, { number }), launched.grant);

    expectProblem(await accept(unseen), 403, 'account.grant_invalid');
    expectProblem(
      await victim.post('/v1/me/step-up/requests', { act: 'account.accept_join' }),
      400,
      'account.act_unknown',
    );
    const exporting = await steppedUpFor(app, demo, victim, 'account.export');
    const byExport = exporting.post(`/v1/joins/${unseen.code}/accept`, { number: unseen.number });
    expectProblem(await withGrant(byExport, exporting.grant), 403, 'account.grant_invalid');
    expect((await signInPerson(app, demo, victim.person)).userId).toBe(victim.userId);

    expect((await accept(seen)).body).toEqual({ userId: asking.userId, mergedUserId: victim.userId });
  });

  it('is accepted by no page of a third-party application, also for a person who has no account yet', async () => {
    const elsewhere = await app.createApplication({ trust: 'third-party' });
    const known = await signInPerson(app, demo);
    app.clock.advance(1);
    for (const person of [known.person, aPerson()]) {
      const { code, number } = await askToJoin(app, demo, await signInPerson(app, demo));
      const second = await relaunch(app, elsewhere, person, `j_${code}`);
      const accepted = second.post(`/v1/joins/${code}/accept`, { number });
      const grant = second.joinAnswer?.grant ?? '';
      expectProblem(await withGrant(accepted, grant), 403, 'account.first_party_only');
    }
    expect(await isLive(app, known)).toBe(true);
  });

  it('ends after three wrong numbers, of which none uses the grant up', async () => {
    const asking = await signInPerson(app, demo);
    const { code, number } = await askToJoin(app, demo, asking);
    const second = await relaunch(app, demo, aPerson(), `j_${code}`);
    const grant = second.joinAnswer?.grant ?? '';
    const wrong = number === 99 ? 98 : number + 1;
    const accept = (typed: number) =>
      withGrant(second.post(`/v1/joins/${code}/accept`, { number: typed }), grant);

    expectProblem(await accept(100), 400, 'request.invalid');
    for (const answer of await Promise.all(times(3, () => accept(wrong))))
      expectProblem(answer, 403, 'account.join_number_wrong');

    expectProblem(await accept(number), 404, 'account.join_not_found');
  });

  it('tells of the number only to those who may accept, and counts no number of others', async () => {
    const asking = await signInPerson(app, demo);
    const [victim, weak] = [await signInPerson(app, demo), await signInByWidget(app, demo)];
    const { code, number } = await askToJoin(app, demo, asking);
    const wrong = number === 99 ? 98 : number + 1;
    const launched = await launchedToJoin(app, demo, victim.person, code);
    const stranger = await launchedToJoin(app, demo, aPerson(), code);
    const accept = (by: PersonSession, typed: number) =>
      by.post(`/v1/joins/${code}/accept`, { number: typed });

    for (const typed of [wrong, number, wrong, wrong]) {
      expectProblem(await accept(victim, typed), 403, 'account.step_up_required');
      expectProblem(await accept(weak, typed), 403, 'auth.assurance_too_low');
      for (const by of [victim, stranger])
        expectProblem(await withGrant(accept(by, typed), launched.grant), 403, 'account.grant_invalid');
    }
    for (const status of [403, 403])
      expectProblem(
        await withGrant(accept(launched, wrong), launched.grant),
        status,
        'account.join_number_wrong',
      );
    app.clock.advance(301);
    for (const typed of [wrong, number])
      expectProblem(await withGrant(accept(launched, typed), launched.grant), 403, 'account.grant_invalid');
    const again = await launchedToJoin(app, demo, victim.person, code);
    expect((await withGrant(accept(again, number), again.grant)).body).toMatchObject({
      mergedUserId: victim.userId,
    });
    const used = 'SELECT FROM step_ups WHERE session_id = $1 AND used_at IS NOT NULL';
    expect(await app.database.query(used, [again.sessionId])).toHaveLength(1);
    expect(await app.database.query(used, [launched.sessionId])).toEqual([]);
  });

  it('merges once, however often both accept', async () => {
    const asking = await signInPerson(app, demo);
    const { code, number } = await askToJoin(app, demo, asking);
    const [one, two] = await Promise.all(
      [aPerson(), aPerson()].map((person) => relaunch(app, demo, person, `j_${code}`)),
    );

    const answers = await Promise.all(
      [one, two].flatMap((second) =>
        times(3, () =>
          withGrant(
            (second ?? asking).post(`/v1/joins/${code}/accept`, { number }),
            second?.joinAnswer?.grant ?? '',
          ),
        ),
      ),
    );

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status >= 500)).toHaveLength(0);
  });

  it('is told to the asking page, and ends when it is withdrawn or late', async () => {
    const asking = await signInPerson(app, demo);
    const second = await steppedUpFor(app, demo, asking, 'account.join');
    const { body } = await withGrant(second.post('/v1/me/joins'), second.grant);
    const { joinId, code } = body as { joinId: string; code: string };
    const stateOf = async () =>
      ((await second.get(`/v1/me/joins/${joinId}`)).body as { state: string }).state;
    expect(await stateOf()).toBe('open');
    expectProblem(await asking.get(`/v1/me/joins/${joinId}`), 404, 'account.join_not_found');
    const stranger = await relaunch(app, demo, aPerson(), `j_${code}`);

    for (const status of [204, 204])
      expect((await second.delete(`/v1/me/joins/${joinId}`)).status).toBe(status);
    expect(await stateOf()).toBe('withdrawn');
    const ends = `SELECT FROM audit_records WHERE action = 'user.join_ended' AND subject = $1`;
    expect(await app.database.query(ends, [joinId])).toHaveLength(1);
    expectProblem(await stranger.get(`/v1/joins/${code}`), 404, 'account.join_not_found');

    const late = await askToJoin(app, demo, asking);
    app.clock.advance(601);
    expectProblem(await stranger.get(`/v1/joins/${late.code}`), 404, 'account.join_not_found');
    expect((await relaunch(app, demo, aPerson(), `j_${late.code}`)).joinAnswer).toBeUndefined();
  });
});
