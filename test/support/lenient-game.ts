import type request from 'supertest';
import { aPerson, type SignInBody } from '../factories';
import type { Demo, TestApp } from './test-app';

/** An application whose init data may come without Telegram's signature. */
export function aLenientGame(app: TestApp, settings: object = {}): Promise<Demo> {
  return app.createApplication({ settings, bot: { signaturePolicy: 'optional' } });
}

/** A sign-in at this bot, with a proof that rests on its token alone. */
export function postByHash(app: TestApp, game: Demo, person = aPerson()): request.Test {
  const { applicationId, botId } = game;
  const initData = app.initDataOf(game, person, { omitSignature: true });
  return app.postSignIn({ applicationId, botId, initData });
}

export async function signInByHash(app: TestApp, game: Demo, person = aPerson()): Promise<SignInBody> {
  const answer = await postByHash(app, game, person);
  expect(answer.body).toMatchObject({ assurance: 'bot-token' });
  return answer.body as SignInBody;
}
