import { randomBytes } from 'node:crypto';
import type request from 'supertest';
import { loginWidgetQuery, tgAuthResultOf } from '@countersign/fake-telegram';
import { anInitData, type LaunchOptions, type Person } from '../factories';
import type { Demo, TestApp } from './test-app';

export type DoorName =
  | 'telegram/init-data'
  | 'telegram/third-party-init-data'
  | 'telegram/login-widget'
  | 'openweb3/init-data';

/** The same person's fresh proofs for every door that takes a body. A nonce makes each one another proof. */
export const proofsOf: Record<DoorName, (app: TestApp, demo: Demo, person: Person) => object> = {
  'telegram/init-data': (app, demo, person) => ({ initData: app.initDataOf(demo, person) }),
  'telegram/third-party-init-data': (app, demo, person) => ({
    initData: app.initDataOf(demo, person),
    botId: demo.botId,
  }),
  'telegram/login-widget': (app, demo, person) => ({ data: loginOf(app, demo, person) }),
  'openweb3/init-data': (app, demo, person) => ({ initData: openWeb3InitDataOf(app, demo, person) }),
};

export function loginOf(
  app: TestApp,
  { botToken }: Demo,
  person: Person,
): Readonly<Record<string, string | number>> {
  return app.telegram.signLoginWidget({
    botToken,
    user: person,
    authDate: app.clock.now(),
    // A photo of its own makes every login another proof.
    extra: { photo_url: `https://t.me/i/userpic/320/${randomBytes(6).toString('hex')}.jpg` },
  });
}

/** What a Mini App gets when its person shares their phone number. */
export function contactOf(
  app: TestApp,
  { botToken }: Pick<Demo, 'botToken'>,
  { id: userId }: Pick<Person, 'id'>,
): string {
  const phoneNumber = '+4930123456';
  return app.telegram.signContact({
    botToken,
    userId,
    phoneNumber,
    firstName: 'Ada',
    authDate: app.clock.now(),
  });
}

export function openWeb3InitDataOf(
  app: TestApp,
  { botToken }: Demo,
  person: Person,
  launch: LaunchOptions = {},
): string {
  return anInitData(app.telegram, botToken, person, {
    authDate: app.clock.now(),
    omitSignature: true,
    ...launch,
  });
}

export const widgetForms = {
  data: (data: Readonly<Record<string, string | number>>) => ({ data }),
  query: (data: Readonly<Record<string, string | number>>) => ({ query: loginWidgetQuery(data) }),
  tgAuthResult: (data: Readonly<Record<string, string | number>>) => ({ tgAuthResult: tgAuthResultOf(data) }),
};

export function postTo(app: TestApp, path: string, body: object): request.Test {
  return app.http.post(`/v1/auth/${path}`).send(body);
}
