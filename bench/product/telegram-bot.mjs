import { randomBytes, randomInt } from 'node:crypto';
import { built } from './built.mjs';

const { aTelegramUser, FakeTelegram } = built('published/fake-telegram/src');

/** A bot that Telegram does not know, and the fake Telegram that signs its launches. Made anew for every bench. */
export class TelegramBot {
  #telegram = new FakeTelegram();

  constructor() {
    this.id = String(7_000_000_000 + randomInt(1_000_000_000));
    this.token = `${this.id}:${randomBytes(27).toString('base64url').slice(0, 35)}`;
  }

  get publicKeyHex() {
    return this.#telegram.publicKeyHex;
  }

  /** A user who has not signed in yet. */
  newUser() {
    return aTelegramUser();
  }

  /** Init data of a launch at this moment. No two are alike, as the query id of a menu button never is. */
  launchOf(user) {
    return this.#telegram.signInitData({
      botToken: this.token,
      user,
      authDate: new Date(),
      queryId: `AAH${randomBytes(12).toString('base64url')}`,
    });
  }
}
