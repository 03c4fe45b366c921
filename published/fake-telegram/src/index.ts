export { FakeOidc, type FakeOidcOptions } from './oidc/fake-oidc';
export { type FakeOidcClient } from './oidc/fake-oidc-authorize';
export { type FakeOidcAlgorithm, type FakeOidcPems } from './oidc/fake-oidc-keys';
export { type FakeOidcEndpoint, type FakeOidcFault } from './oidc/fake-oidc-endpoints';
export { type FakeOidcClaims, type FakeOidcPerson } from './oidc/fake-oidc-person';
export { FakeTelegram, type FakeTelegramLaunch } from './fake-telegram';
export {
  FakeTelegramServer,
  startFakeTelegram,
  type FakeTelegramServerOptions,
} from './server/fake-telegram-server';
export { keepFakeTelegramKeys, type FakeTelegramKeys } from './server/server-keys';
export { type FakeContact } from './signing/sign-contact';
export { signFields, type FieldList } from './signing/sign-fields';
export {
  loginWidgetQuery,
  tgAuthResultOf,
  type FakeWidgetLogin,
  type LoginWidgetData,
} from './signing/sign-login-widget';
export { aTelegramUser, type TelegramUser } from './telegram-user';
export { FakeOidcKeys, newEcKey, newRsaKey } from './oidc/fake-oidc-keys';
export { tokenClaims } from './oidc/fake-oidc-person';
