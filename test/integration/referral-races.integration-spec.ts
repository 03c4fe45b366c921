import { Client } from 'pg';
import { ErasureService } from '@countersign/account';
import { countBy, aPerson, times, type SignInBody } from '../factories';
import { signInPerson } from '../support/person-session';
import { aReferrer, joinBy, parentsIn, postLaunch, referralIn, withReferrals } from '../support/referrals';
import type { TestApp } from '../support/test-app';
import { useFixture } from '../support/use-fixture';
import { useApplication, useReplica, useTestApp } from '../support/use-test-app';

const app = useTestApp();

/** Each test has connections of its own, to both replicas and to the database. */
describe('referrals at the same moment', () => {
  const demo = useApplication(app, withReferrals());
  const replica = useReplica(app);

  const framesOf = (userId: string) =>
    app.database.query<{ parentId: string }>(
      'SELECT parent_id AS "parentId" FROM referral_nodes WHERE user_id = $1',
      [userId],
    );
  const oneOf = (index: number): TestApp => (index % 2 === 0 ? app : replica);

  it('bind one person once, who signs in many times by codes of many', async () => {
    const referrers = await Promise.all(times(8, () => aReferrer(app, demo)));

    for (let round = 0; round < 5; round += 1) {
      const person = aPerson();
      const answers = await Promise.all(
        referrers.map(({ code }, index) => postLaunch(oneOf(index), demo, `r_${code}`, person)),
      );

      expect(countBy(answers, ({ status }) => status)).toEqual({ 200: 8 });
      const bound = answers.flatMap((answer, index) =>
        referralIn(answer)?.outcome === 'bound' ? [referrers[index]?.session.userId] : [],
      );
      expect(bound).toHaveLength(1);
      const [{ userId } = { userId: '' }] = answers.map(({ body }) => body as SignInBody);
      expect(await framesOf(userId)).toHaveLength(1);
      expect((await parentsIn(app, demo))[userId]).toBe(bound[0]);
    }
  });

  it('bind nobody whose sign-in without a code was first', async () => {
    const { code } = await aReferrer(app, demo);

    for (let round = 0; round < 8; round += 1) {
      const person = aPerson();
      const answers = await Promise.all(
        times(6, (index) => {
          const hasCode = round % 2 === 0 ? index < 3 : index >= 3;
          return postLaunch(oneOf(index), demo, hasCode ? `r_${code}` : 'campaign', person);
        }),
      );

      const first = answers.filter(({ body }) => (body as SignInBody).isNewUser);
      expect(first).toHaveLength(1);
      const isBound = answers.some((answer) => referralIn(answer)?.outcome === 'bound');
      expect(isBound).toBe(referralIn(first[0] ?? fail())?.outcome === 'bound');
    }
  });

  it('go on while a transaction holds the place of the referrer', async () => {
    const { session, code } = await aReferrer(app, demo);
    const held = await app.database.hold(
      `SELECT * FROM referral_nodes WHERE user_id = '${session.userId}' FOR NO KEY UPDATE`,
    );

    const answers = await Promise.all(times(5, () => postLaunch(app, demo, `r_${code}`)));
    await held.commit();

    expect(answers.map(referralIn)).toEqual(Array(5).fill({ outcome: 'bound' }));
  });

  it('make one code of many first asks', async () => {
    for (let round = 0; round < 3; round += 1) {
      const session = await signInPerson(app, demo);
      const codes = await Promise.all(
        times(12, async (index) => {
          const { body } = await oneOf(index)
            .http.get('/v1/me/referral-code')
            .set('authorization', `Bearer ${session.accessToken}`);
          return (body as { code: string }).code;
        }),
      );

      expect(new Set(codes).size).toBe(1);
      expect(codes[0]).toMatch(/^[a-hjkmnp-z2-9]{12}$/);
      expect(await framesOf(session.userId)).toEqual([{ parentId: null }]);
    }
  });

  it('bind or do not, when the referrer is erased meanwhile', async () => {
    for (let round = 0; round < 4; round += 1) {
      const { session, code } = await aReferrer(app, demo);
      const [answers] = await Promise.all([
        Promise.all(times(8, (index) => postLaunch(oneOf(index), demo, `r_${code}`))),
        app.nest.get(ErasureService).eraseFor(session.userId, 'ticket-1', true),
      ]);

      expect(countBy(answers, ({ status }) => status)).toEqual({ 200: 8 });
      for (const answer of answers)
        expect([undefined, 'referral.unknown_code']).toContain(referralIn(answer)?.code);
    }
  });
});

describe('the database', () => {
  const demo = useApplication(app, withReferrals());
  const client = useFixture(
    async () => {
      const made = new Client({ connectionString: app.database.directUrl });
      await made.connect();
      return made;
    },
    { close: (made) => made.end() },
  );
  const chain = useFixture(async () => {
    const { session, code } = await aReferrer(app, demo);
    const child = await joinBy(app, demo, code);
    const other = await aReferrer(app, demo);
    return { session, child, other: other.session };
  });

  const nodeOf = (userId: string) => `(SELECT id FROM referral_nodes WHERE user_id = '${userId}')`;
  const refusalOf = async (statement: string): Promise<unknown> =>
    client.query(statement).then(
      () => null,
      (error: unknown) => {
        const { constraint, code } = error as { code?: string; constraint?: string };
        return constraint ?? code;
      },
    );

  const insert = (id: string, parent: string) =>
    `INSERT INTO referral_nodes (application_id, id, person_id, parent_id, source, created_at)
     VALUES ('${demo.applicationId}', ${id}, ${id}, ${parent}, 'body', now())`;
  const place = (applicationId: string) =>
    `INSERT INTO referral_nodes (application_id, id, person_id, user_id, parent_id, source, created_at)
     SELECT '${applicationId}', next.id, next.id, '${chain.child.userId}', ${nodeOf(chain.session.userId)}, 'body', now()
     FROM (SELECT nextval('referral_nodes_sequence') AS id) AS next`;

  it.each<[string, () => string, string]>([
    [
      'another referrer',
      () =>
        `UPDATE referral_nodes SET parent_id = ${nodeOf(chain.other.userId)} WHERE user_id = '${chain.child.userId}'`,
      '23000',
    ],
    [
      'no referrer any more',
      () => `UPDATE referral_nodes SET parent_id = NULL WHERE user_id = '${chain.child.userId}'`,
      '23000',
    ],
    [
      'a referrer later',
      () =>
        `UPDATE referral_nodes SET parent_id = ${nodeOf(chain.session.userId)}, source = 'body' WHERE user_id = '${chain.other.userId}'`,
      '23000',
    ],
    ['themselves as referrer', () => insert('999999', '999999'), 'chk_referral_nodes_no_circle'],
    [
      'a later person as referrer',
      () => insert('0', nodeOf(chain.session.userId)),
      'chk_referral_nodes_no_circle',
    ],
    ['two places in an application', () => place(demo.applicationId), 'uq_referral_nodes_person'],
  ])('gives nobody %s', async (_, statement, refusal) => {
    expect(await refusalOf(statement())).toBe(refusal);
  });

  it('gives nobody a place under another application', async () => {
    const { applicationId } = await app.createApplication(withReferrals());

    expect(await refusalOf(place(applicationId))).toBe('fk_referral_nodes_parent');
  });
});

function fail(): never {
  throw new Error('no sign-in was the first');
}
