import { randomUUID } from 'node:crypto';
import { aPerson, times } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { aConfidentialApplication, basicOf } from '../support/oauth';
import { signInPerson, type PersonSession } from '../support/person-session';
import {
  aReferrer,
  codeOf,
  countsOf,
  FRACTIONS,
  joinBy,
  referrersOf,
  withReferrals,
} from '../support/referrals';
import { useFixture } from '../support/use-fixture';
import { useApplication, useTestApp } from '../support/use-test-app';

interface PeopleBody {
  readonly items: readonly {
    readonly joinedAt: string;
    readonly level: number;
    readonly source: string;
    readonly person: { readonly userId: string; readonly profile: object } | null;
  }[];
  readonly nextCursor: string | null;
}

describe('referrals', () => {
  const app = useTestApp();
  const demo = useFixture(() => aConfidentialApplication(app, withReferrals()));
  const off = useApplication(app);

  /** People each of whom brought the next one, the first of them without a referrer. */
  async function aChain(length: number): Promise<readonly PersonSession[]> {
    const chain = [await signInPerson(app, demo)];
    while (chain.length < length) chain.push(await joinBy(app, demo, await codeOf(chain.at(-1) ?? never())));
    return chain;
  }

  const listOf = async (session: PersonSession, query: string): Promise<PeopleBody> => {
    const answer = await session.get(`/v1/me/referrals/people?${query}`);
    expect(answer.status).toBe(200);
    return answer.body as PeopleBody;
  };

  describe('GET /v1/me/referral-code', () => {
    it('makes one code, with its links', async () => {
      const { session, code } = await aReferrer(app, demo);

      const { body } = await session.get('/v1/me/referral-code');

      expect(body).toEqual({
        code,
        links: [
          {
            botId: demo.botId,
            startapp: `https://t.me/test_bot?startapp=r_${code}`,
            start: `https://t.me/test_bot?start=r_${code}`,
          },
        ],
      });
      expect(code).toMatch(/^[a-hjkmnp-z2-9]{12}$/);
    });

    it('is nothing where referrals are off', async () => {
      const session = await signInPerson(app, off);

      for (const path of ['referral-code', 'referrals', 'referrals/people?level=1'])
        expectProblem(await session.get(`/v1/me/${path}`), 404, 'referral.off');
      expect(
        await app.database.query('SELECT 1 FROM referral_nodes WHERE application_id = $1', [
          off.applicationId,
        ]),
      ).toEqual([]);
    });
  });

  describe('GET /v1/me/referrals', () => {
    it('counts ten levels, with the fraction of each', async () => {
      const chain = await aChain(12);

      const [first, second] = chain;
      const { body } = await (first ?? never()).get('/v1/me/referrals');

      expect(body).toEqual({
        levels: times(10, (index) => ({ level: index + 1, count: 1, fraction: FRACTIONS[index] ?? null })),
        total: 10,
      });
      expect(await countsOf(second ?? never())).toEqual(Array(10).fill(1));
      expect(await countsOf(chain.at(-1) ?? never())).toEqual([]);
    });

    it('counts the people of others for nobody else', async () => {
      const { session, code } = await aReferrer(app, demo);
      const another = await aReferrer(app, demo);
      const children = [await joinBy(app, demo, code), await joinBy(app, demo, code)];
      await joinBy(app, demo, await codeOf(children[0] ?? never()));
      await joinBy(app, demo, another.code);

      expect(await countsOf(session)).toEqual([2, 1]);
      expect(await countsOf(another.session)).toEqual([1]);
    });
  });

  describe('GET /v1/me/referrals/people', () => {
    it('lists a level page by page, newest first, without names', async () => {
      const { session, code } = await aReferrer(app, demo);
      const joined: string[] = [];
      for (let index = 0; index < 5; index += 1) {
        app.clock.advance(1);
        joined.unshift(app.clock.now().toISOString());
        await joinBy(app, demo, code);
      }

      const pages: PeopleBody[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const page: PeopleBody = await listOf(
          session,
          `level=1&limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`,
        );
        pages.push(page);
        cursor = page.nextCursor;
      }

      expect(pages.map(({ items }) => items.length)).toEqual([2, 2, 1]);
      expect(pages.flatMap(({ items }) => items)).toEqual(
        joined.map((joinedAt) => ({ joinedAt, level: 1, source: 'start-param', person: null })),
      );
    });

    it('names people who made something public, by that alone', async () => {
      const { session, code } = await aReferrer(app, demo);
      const child = await joinBy(app, demo, code);
      const patch = {
        displayName: 'Ada',
        biography: 'Computes.',
        visibility: { displayName: 'public', biography: 'application' },
      };
      expect((await child.patch('/v1/me/profile', patch)).status).toBe(200);

      const [item] = (await listOf(session, 'level=1')).items;

      expect(item?.person).toMatchObject({
        userId: child.userId,
        profile: { displayName: 'Ada', biography: null, username: null },
      });
      await app.accounts.setStatus(child.userId, 'deactivated');
      expect((await listOf(session, 'level=1')).items.map(({ person }) => person)).toEqual([null]);
    });

    it('is refused without a level', async () => {
      const { session } = await aReferrer(app, demo);

      const answer = await session.get('/v1/me/referrals/people');

      expectProblem(answer, 400, 'request.invalid', [{ path: 'level', code: expect.any(String) as string }]);
    });
  });

  describe('GET /v1/users/{userId}/referrals', () => {
    it('names the people above, nearest first, with their fractions', async () => {
      const chain = await aChain(5);
      const last = chain.at(-1) ?? never();

      const answer = await app.http
        .get(`/v1/users/${last.userId}/referrals`)
        .set('authorization', basicOf(demo));

      expect(answer.body).toEqual({
        userId: last.userId,
        referrers: chain
          .slice(0, -1)
          .reverse()
          .map(({ userId }, index) => ({ level: index + 1, userId, fraction: FRACTIONS[index] ?? null })),
      });
    });

    it('names ten levels at most', async () => {
      const chain = await aChain(12);
      const above = await referrersOf(app, demo, chain.at(-1)?.userId ?? never());

      expect(above).toHaveLength(10);
      expect(above.at(-1)).toEqual([10, chain[1]?.userId]);
    });

    it('knows nobody of other applications', async () => {
      const other = await aConfidentialApplication(app, withReferrals());
      const [, child] = await aChain(2);

      for (const userId of [child?.userId ?? never(), randomUUID(), 'nobody'])
        expectProblem(
          await app.http.get(`/v1/users/${userId}/referrals`).set('authorization', basicOf(other)),
          404,
          'user.not_found',
        );
      await signInPerson(app, other, child?.person);
      expect(await referrersOf(app, other, child?.userId ?? never())).toEqual([]);
    });

    it('is for the client secret alone', async () => {
      const { session } = await aReferrer(app, demo);
      const path = `/v1/users/${session.userId}/referrals`;

      expectProblem(await session.get(path), 401, 'client.unauthenticated');
      expectProblem(await app.http.get(path), 401, 'client.unauthenticated');
      const fromPage = app.http.get(path).set('authorization', basicOf(demo));
      expectProblem(await fromPage.set('origin', 'https://game.example'), 403, 'request.origin_not_allowed');
    });

    it('is nothing where referrals are off', async () => {
      const client = await aConfidentialApplication(app);
      const { userId } = await app.signIn(client, aPerson());

      expectProblem(
        await app.http.get(`/v1/users/${userId}/referrals`).set('authorization', basicOf(client)),
        404,
        'referral.off',
      );
    });
  });
});

function never(): never {
  throw new Error('the test lacks a person');
}
