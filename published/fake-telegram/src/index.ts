export { FakeOidc, type FakeOidcEndpoint, type FakeOidcFault, type FakeOidcOptions } from './oidc/fake-oidc';
export { type FakeOidcClient } from './oidc/fake-oidc-authorize';
export { FakeTelegram, type FakeContact, type FakeTelegramLaunch } from './fake-telegram';
export {
  FakeTelegramServer,
  startFakeTelegram,
  type FakeTelegramServerOptions,
} from './server/fake-telegram-server';
export { keepFakeTelegramKeys, type FakeTelegramKeys } from './server/server-keys';
export { signFields, type FieldList } from './signing/sign-fields';
export {
  loginWidgetQuery,
  tgAuthResultOf,
  type FakeWidgetLogin,
  type LoginWidgetData,
} from './signing/sign-login-widget';
export { aTelegramUser, type TelegramUser } from './telegram-user';
export {
  FakeOidcKeys,
  newEcKey,
  newRsaKey,
  type FakeOidcAlgorithm,
  type FakeOidcPems,
} from './oidc/fake-oidc-keys';
export { tokenClaims, type FakeOidcClaims, type FakeOidcPerson } from './oidc/fake-oidc-person';
