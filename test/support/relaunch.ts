import type request from 'supertest';
import { aLoginCode } from './login-code';
import { type PersonSession, sessionOf } from './person-session';
import type { Person, SignInBody } from '../factories';
import type { Demo, TestApp } from './test-app';

/** The second instance of a Mini App: a session of its own, and what its sign-in brought. */
export interface Relaunched extends PersonSession {
  readonly stepUpAnswer: { readonly act: string; readonly grant: string } | undefined;
  readonly joinAnswer: { readonly code: string; readonly grant: string } | undefined;
  readonly loginAnswer: { readonly code: string } | null | undefined;
}

/** A person, and how their Mini App is opened: by Telegram unless `launch` is given. */
export type Launching = Pick<PersonSession, 'person' | 'launch'>;

/** Opens the Mini App again, with a start parameter: another instance with fresh init data, which signs in. */
export async function relaunch(
  app: TestApp,
  demo: Demo,
  opened: Person | Launching,
  startParam: string,
): Promise<Relaunched> {
  const { person, launch }: Launching = 'person' in opened ? opened : { person: opened };
  const { applicationId } = demo;
  const { status, body } = launch
    ? await launch(startParam)
    : await app.postSignIn({ applicationId, initData: app.initDataOf(demo, person, { startParam }) });
  if (status !== 200) throw new Error(`sign-in answered ${status}`);
  const answer = body as SignInBody & {
    readonly stepUp?: Relaunched['stepUpAnswer'];
    readonly join?: Relaunched['joinAnswer'];
    readonly login?: Relaunched['loginAnswer'];
  };
  const session = sessionOf(app, answer, person, () => aLoginCode(app, demo, person));
  return { ...session, stepUpAnswer: answer.stepUp, joinAnswer: answer.join, loginAnswer: answer.login };
}

/** Asks for a code for the act, and opens the Mini App with it. */
export async function steppedUpFor(
  app: TestApp,
  demo: Demo,
  session: PersonSession,
  act: string,
): Promise<Relaunched & { readonly grant: string }> {
  const asked = await session.post('/v1/me/step-up/requests', { act });
  if (asked.status !== 201) throw new Error(`the request of a step-up answered ${asked.status}`);
  const { code } = asked.body as { code: string };
  const second = await relaunch(app, demo, session, `s_${code}`);
  if (!second.stepUpAnswer) throw new Error('the sign-in was not stepped up');
  return { ...second, grant: second.stepUpAnswer.grant };
}

export function withGrant(call: request.Test, grant: string): request.Test {
  return call.set('x-step-up-grant', grant);
}

/** What the page of an asking account shows. */
export interface AskedJoin {
  readonly joinId: string;
  readonly code: string;
  readonly number: number;
}

/** A stepped-up request to join. Accounts that exist are older than it. */
export async function askToJoin(app: TestApp, demo: Demo, session: PersonSession): Promise<AskedJoin> {
  app.clock.advance(1);
  const second = await steppedUpFor(app, demo, session, 'account.join');
  const { status, body } = await withGrant(second.post('/v1/me/joins'), second.grant);
  if (status !== 201) throw new Error(`the request to join answered ${status}`);
  return body as AskedJoin;
}

/** The launch of the person who is asked. */
export async function launchedToJoin(
  app: TestApp,
  demo: Demo,
  other: Person | Launching,
  code: string,
): Promise<Relaunched & { readonly grant: string }> {
  const second = await relaunch(app, demo, other, `j_${code}`);
  if (!second.joinAnswer) throw new Error('the sign-in may not accept');
  return { ...second, grant: second.joinAnswer.grant };
}

/** Asks for a join and opens it as the other person. @returns the call that accepts it */
export async function acceptance(
  app: TestApp,
  demo: Demo,
  session: PersonSession,
  other: Person | Launching,
): Promise<() => request.Test> {
  const { code, number } = await askToJoin(app, demo, session);
  const second = await launchedToJoin(app, demo, other, code);
  return () => withGrant(second.post(`/v1/joins/${code}/accept`, { number }), second.grant);
}

/** Joins the account of `other` to that of `session`, as both persons do it. */
export async function join(
  app: TestApp,
  demo: Demo,
  session: PersonSession,
  other: Person | Launching,
): Promise<request.Response> {
  return (await acceptance(app, demo, session, other))();
}
