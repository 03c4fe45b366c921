import { generateKeyPairSync } from 'node:crypto';
import type { Bot } from '@countersign/applications';
import type { Configuration } from '@countersign/config';
import { publicKeyFromHex, telegramPublicKeys } from '@countersign/telegram';
import { TelegramKeys } from './telegram-keys';

const { x = '' } = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
const publicKeyHex = Buffer.from(x, 'base64url').toString('hex');
const aBot = (botId: string, environment: Bot['environment'] = 'production'): Bot =>
  ({ botId, environment }) as Bot;

describe('whose signature a bot’s init data must carry', () => {
  it('is Telegram’s own, by environment', () => {
    const keys = new TelegramKeys({ demoTelegramKey: null } as Configuration);

    expect(keys.publicKeyFor(aBot('1'))).toBe(telegramPublicKeys.production);
    expect(keys.publicKeyFor(aBot('1', 'test'))).toBe(telegramPublicKeys.test);
  });

  it('is the made-up Telegram’s for the demo bot, and for no other', () => {
    const keys = new TelegramKeys({
      demoTelegramKey: { botId: '7000000001', publicKeyHex },
    } as Configuration);

    expect(keys.publicKeyFor(aBot('7000000001')).equals(publicKeyFromHex(publicKeyHex))).toBe(true);
    expect(keys.publicKeyFor(aBot('7000000002'))).toBe(telegramPublicKeys.production);
    expect(keys.publicKeyFor(aBot('7000000001', 'test'))).toBe(telegramPublicKeys.test);
  });
});
