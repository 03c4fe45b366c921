import type request from 'supertest';
import { aPerson, type Person, type SignInBody } from '../factories';
import { aLoginCode } from './login-code';
import { loginOf, openWeb3InitDataOf, postTo } from './proofs';
import type { Demo, TestApp } from './test-app';

/** Somebody who is signed in, and what they do. */
export interface PersonSession extends SignInBody {
  readonly person: Person;
  get(path: string): request.Test;
  post(path: string, body?: object): request.Test;
  put(path: string, body: object): request.Test;
  patch(path: string, body: object): request.Test;
  delete(path: string): request.Test;
  /** By Log In With Telegram. OpenWeb3 has none: see `steppedUpFor`. */
  stepUp(): Promise<request.Response>;
  /** Opens the Mini App again, with a start parameter: the sign-in of another instance. */
  readonly launch?: Launch;
}

export type Launch = (startParam: string) => PromiseLike<request.Response>;

/** The fields of a profile in which nothing is set. */
export const NO_FIELDS = {
  displayName: null,
  username: null,
  avatarUrl: null,
  bannerUrl: null,
  biography: null,
  links: [],
  email: null,
  emailVerified: false,
  phone: null,
  phoneVerified: false,
};

/** Signs a person in with a Telegram Mini App of the application. */
export async function signInPerson(app: TestApp, demo: Demo, person = aPerson()): Promise<PersonSession> {
  const body = await app.signIn(demo, person);
  return sessionOf(app, body, person, () => aLoginCode(app, demo, person));
}

/** Signs a person in with an OpenWeb3 Mini App: `im` is the application with its OpenWeb3 bot. */
export async function signInOpenWeb3(app: TestApp, im: Demo, person = aPerson()): Promise<PersonSession> {
  const { applicationId, botId } = im;
  const proof = { initData: openWeb3InitDataOf(app, im, person), botId };
  const answer = await postTo(app, 'openweb3/init-data', { applicationId, ...proof });
  if (answer.status !== 200) throw new Error(`sign-in answered ${answer.status}`);
  const none = () => {
    throw new Error('no login of OpenWeb3 steps up');
  };
  const session = sessionOf(app, answer.body as SignInBody, person, none);
  return { ...session, launch: openWeb3Launch(app, im, person) };
}

/** A Mini App of OpenWeb3 that is opened with a start parameter. */
export function openWeb3Launch(app: TestApp, im: Demo, person: Person): Launch {
  const { applicationId, botId } = im;
  return (startParam) => {
    const initData = openWeb3InitDataOf(app, im, person, { startParam });
    return postTo(app, 'openweb3/init-data', { applicationId, initData, botId });
  };
}

/** Signs a person in with the Login Widget: such a session does not reach the level of the account. */
export async function signInByWidget(app: TestApp, demo: Demo, person = aPerson()): Promise<PersonSession> {
  const { applicationId } = demo;
  const data = loginOf(app, demo, person);
  const answer = await postTo(app, 'telegram/login-widget', { applicationId, data });
  if (answer.status !== 200) throw new Error(`sign-in answered ${answer.status}`);
  return sessionOf(app, answer.body as SignInBody, person, () => aLoginCode(app, demo, person));
}

export function sessionOf(
  app: TestApp,
  body: SignInBody,
  person: Person,
  proof: () => object | Promise<object>,
): PersonSession {
  const authorized = (call: request.Test) => call.set('authorization', `Bearer ${body.accessToken}`);
  const post = (path: string, sent: object = {}) => authorized(app.http.post(path)).send(sent);
  return {
    ...body,
    person,
    get: (path) => authorized(app.http.get(path)),
    post,
    put: (path, sent) => authorized(app.http.put(path)).send(sent),
    patch: (path, sent) => authorized(app.http.patch(path)).send(sent),
    delete: (path) => authorized(app.http.delete(path)),
    stepUp: async () => post('/v1/me/step-up', await proof()),
  };
}

/** Whether the access token is taken. */
export async function isLive(
  app: TestApp,
  { accessToken }: Pick<SignInBody, 'accessToken'>,
): Promise<boolean> {
  return (await app.getMe(accessToken)).status === 200;
}
