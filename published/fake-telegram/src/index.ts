export { FakeOidc, type FakeOidcOptions } from './fake-oidc';
export { type FakeOidcClient } from './fake-oidc-authorize';
export { type FakeOidcPems } from './fake-oidc-keys';
export { type FakeOidcEndpoint, type FakeOidcFault } from './fake-oidc-listener';
export { type FakeOidcClaims, type FakeOidcPerson } from './fake-oidc-person';
export { FakeTelegram, type FakeTelegramLaunch } from './fake-telegram';
export { FakeTelegramServer, type FakeTelegramServerOptions } from './fake-telegram-server';
export { keepFakeTelegramKeys, type FakeTelegramKeys } from './server-keys';
export { type FakeContact } from './sign-contact';
export { signFields, type FieldList } from './sign-fields';
export {
  loginWidgetQuery,
  tgAuthResultOf,
  type FakeWidgetLogin,
  type LoginWidgetData,
} from './sign-login-widget';
export { aTelegramUser, type TelegramUser } from './telegram-user';
export { FakeOidcKeys, newEcKey, newRsaKey } from './fake-oidc-keys';
export { tokenClaims } from './fake-oidc-person';
