import { randomBytes, randomInt } from 'node:crypto';
import {
  aTelegramUser,
  type FakeTelegram,
  type FakeTelegramLaunch,
  type TelegramUser,
} from '@countersign/fake-telegram';

export type Person = TelegramUser;

export interface SignInBody {
  readonly accessToken: string;
  readonly expiresIn: number;
  readonly refreshToken: string;
  readonly refreshExpiresIn: number;
  readonly sessionId: string;
  readonly userId: string;
  readonly isNewUser: boolean;
  readonly assurance: string;
}

export function aPerson(overrides: Partial<Person> = {}): Person {
  return aTelegramUser(overrides);
}

export function aBotToken(botId: number | string = randomInt(1_000_000, 2 ** 47)): string {
  return `${botId}:${randomBytes(26).toString('base64url')}`;
}

export type LaunchOptions = Partial<FakeTelegramLaunch>;

/** Every launch has a query id of its own, so every call makes another proof. */
export function anInitData(
  telegram: FakeTelegram,
  botToken: string,
  person: Person,
  launch: LaunchOptions & { readonly authDate: Date },
): string {
  return telegram.signInitData({
    botToken,
    user: person,
    queryId: randomBytes(12).toString('base64url'),
    ...launch,
  });
}

export function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

export function countBy<T>(items: readonly T[], keyOf: (item: T) => string | number): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[keyOf(item)] = (counts[keyOf(item)] ?? 0) + 1;
  return counts;
}
