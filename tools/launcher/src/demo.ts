import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { keepOnce } from '@countersign/private-postgres';
import { FakeTelegram } from '@countersign/fake-telegram';
import type { DevelopmentBot } from './custody-rules';
import { personOf, FIRST_ID } from '../../playground/src/made-up-people';

/** Telegram has not assigned this id, as far as we know. It has no meaning outside this clone. */
const BOT_ID = '7000000001';
const CONSENT_BOT_ID = '7000000002';
/** A bot that Telegram does not know, and the fake Telegram that signs for it. The data folder stores both. */
export class Demo {
  private constructor(
    readonly botToken: string,
    private readonly telegram: FakeTelegram,
  ) {}

  /** The public key is stored too, for the CLI. */
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

  /** The setting that makes the API trust the fake Telegram for this bot only. Production refuses the variable. */
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

  /** A shell line that signs the demo person in. Its init data is signed now. */
  loginCommand(address: string, applicationId: string): string {
    const initData = this.telegram.signInitData({
      botToken: this.botToken,
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

/** A token has 35 characters after the id of its bot. */
function makeBotToken(botId = BOT_ID): string {
  return `${botId}:${randomBytes(27).toString('base64url').slice(0, 35)}`;
}

function quoted(text: string): string {
  return /^[\w:/.-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
