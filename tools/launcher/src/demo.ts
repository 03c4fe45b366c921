import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { keepOnce } from '@countersign/private-postgres';
import { FakeTelegram } from '@countersign/fake-telegram';
import type { DevelopmentBot } from './custody-rules';
import { personOf, FIRST_ID } from '../../playground/src/made-up-people';

/**
 * A ten-digit bot id that Telegram has not assigned as far as known; it has no meaning outside this clone.
 */
const BOT_ID = '7000000001';
const CONSENT_BOT_ID = '7000000002';
/**
 * A bot unknown to Telegram, and the fake Telegram that signs for it. Created once, kept in the data folder.
 */
export class Demo {
  private constructor(
    readonly botToken: string,
    private readonly telegram: FakeTelegram,
  ) {}

  /** The folder's lock must be held. The public key is kept too, for the CLI. */
  static in(dataFolder: string): Demo {
    const botToken = keepOnce(join(dataFolder, 'demo-bot-token'), () => makeBotToken());
    const privateKey = keepOnce(
      join(dataFolder, 'fake-telegram.pem'),
      () => new FakeTelegram().privateKeyPem,
    );
    const demo = new Demo(botToken, new FakeTelegram(privateKey));
    keepOnce(join(dataFolder, 'demo-telegram-key'), () => demo.variable);
    return demo;
  }

  /**
   * The setting for the API to trust the fake Telegram, for this bot alone. Production refuses the variable.
   */
  get variable(): string {
    return `${BOT_ID}:${this.telegram.publicKeyHex}`;
  }

  variableBeside(given = ''): string {
    const others = given
      .split(',')
      .filter((key) => key.trim() !== '' && !key.trim().startsWith(`${BOT_ID}:`));
    return [this.variable, ...others].join(',');
  }

  get signer(): { readonly botToken: string; readonly telegram: FakeTelegram } {
    return { botToken: this.botToken, telegram: this.telegram };
  }

  get consentBot(): DevelopmentBot & { readonly token: string } {
    const [id, token] = [CONSENT_BOT_ID, makeBotToken(CONSENT_BOT_ID)];
    return { id, token, publicKey: this.telegram.publicKeyHex };
  }

  /** One line for a shell that logs the demo person in, with init data signed at this moment. */
  loginCommand(address: string, applicationId: string): string {
    const initData = this.telegram.signInitData({
      botToken: this.botToken,
      // Ada, as in the playground.
      user: personOf(FIRST_ID + 1),
      authDate: new Date(),
    });
    const body = JSON.stringify({ applicationId, initData });
    return [
      `curl -sS -X POST ${quoted(`${address}/v1/auth/telegram/init-data`)}`,
      `-H 'content-type: application/json' -d ${quoted(body)}`,
    ].join(' ');
  }
}

/** Shaped like a real one: 35 characters after the bot's id. */
function makeBotToken(botId = BOT_ID): string {
  return `${botId}:${randomBytes(27).toString('base64url').slice(0, 35)}`;
}

function quoted(text: string): string {
  return /^[\w:/.-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
