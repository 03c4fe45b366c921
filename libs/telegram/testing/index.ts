export { FakeTelegram, type FakeTelegramLaunch } from './fake-telegram';
export { signFields, type FieldList } from './sign-fields';
export { aTelegramUser, type TelegramUser } from './telegram-user';
