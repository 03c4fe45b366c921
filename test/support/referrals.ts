import type { Response } from 'supertest';
import { aPerson, type Person, type SignInBody } from '../factories';
import { aLoginCode } from './login-code';
import { signInPerson, sessionOf, type PersonSession } from './person-session';
import type { ApplicationOptions, Demo, TestApp } from './test-app';

/** How the settings of an application with referrals are, unless a test says otherwise. */
export const FRACTIONS = [0.1, 0.05, 0.025];

export function withReferrals(mode: 'optional' | 'required' = 'optional'): ApplicationOptions {
  return { settings: { referrals: { mode, levels: FRACTIONS } } };
}

export interface ReferralAnswer {
  readonly outcome: 'bound' | 'ignored';
  readonly code?: string;
}

/** The answer of a sign-in by Telegram's init data with a start parameter. */
export async function postLaunch(
  app: TestApp,
  demo: Demo,
  startParam: string,
  person: Person = aPerson(),
): Promise<Response> {
  const { applicationId } = demo;
  return app.postSignIn({ applicationId, initData: app.initDataOf(demo, person, { startParam }) });
}

/** What a sign-in said of its referral code. */
export function referralIn({ body }: Response): ReferralAnswer | undefined {
  return (body as { referral?: ReferralAnswer }).referral;
}

export async function codeOf(session: PersonSession): Promise<string> {
  const answer = await session.get('/v1/me/referral-code');
  expect({ status: answer.status, body: answer.body as unknown }).toMatchObject({ status: 200 });
  return (answer.body as { code: string }).code;
}

/** A person who came to the application by themselves, with their code. */
export async function aReferrer(
  app: TestApp,
  demo: Demo,
): Promise<{ readonly session: PersonSession; readonly code: string }> {
  const session = await signInPerson(app, demo);
  return { session, code: await codeOf(session) };
}

/** Signs a new person in by the code of another. */
export async function joinBy(
  app: TestApp,
  demo: Demo,
  code: string,
  person: Person = aPerson(),
): Promise<PersonSession> {
  const answer = await postLaunch(app, demo, `r_${code}`, person);
  expect({ status: answer.status, referral: referralIn(answer) }).toEqual({
    status: 200,
    referral: { outcome: 'bound' },
  });
  return sessionOf(app, answer.body as SignInBody, person, () => aLoginCode(app, demo, person));
}

/** How many people each level below has, up to the last one that has any. */
export async function countsOf(session: PersonSession): Promise<readonly number[]> {
  const { body } = await session.get('/v1/me/referrals');
  const { levels, total } = body as {
    levels: readonly { level: number; count: number }[];
    total: number;
  };
  const counts = levels.map(({ count }) => count);
  expect(levels.map(({ level }) => level)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(total).toBe(counts.reduce((sum, count) => sum + count, 0));
  return counts.slice(0, counts.findLastIndex((count) => count > 0) + 1);
}

/** The parent of each account's first place, by user id. */
export async function parentsIn(
  app: TestApp,
  { applicationId }: Demo,
): Promise<Record<string, string | null>> {
  const found = await app.database.query<{ userId: string; parentId: string | null }>(
    `SELECT own.user_id AS "userId", parent.user_id AS "parentId" FROM referral_nodes own
     LEFT JOIN referral_nodes parent ON parent.application_id = own.application_id AND parent.id = own.parent_id
     WHERE own.application_id = $1 AND own.id = own.person_id`,
    [applicationId],
  );
  return Object.fromEntries(found.map(({ userId, parentId }) => [userId, parentId]));
}
