import { generateKeyPairSync } from 'node:crypto';
import type { Bot } from '@countersign/applications';
import type { Configuration } from '@countersign/runtime';
import { publicKeyFromHex, telegramPublicKeys } from '@countersign/proofs';
import { TelegramKeys } from './init-data-verifier';

function aPublicKeyHex(): string {
  const { x = '' } = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
  return Buffer.from(x, 'base64url').toString('hex');
}

const aBot = (botId: string, environment: Bot['environment'] = 'production'): Bot =>
  ({ botId, environment }) as Bot;

describe('whose signature a bot’s init data must carry', () => {
  it('is Telegram’s own, by environment', () => {
    const keys = new TelegramKeys({ demoTelegramKeys: [] } as unknown as Configuration);

    expect(keys.publicKeyFor(aBot('1'))).toBe(telegramPublicKeys.production);
    expect(keys.publicKeyFor(aBot('1', 'test'))).toBe(telegramPublicKeys.test);
  });

  it('is the made-up Telegram’s for the bots that it is trusted for, and for no other', () => {
    const [first, second] = [aPublicKeyHex(), aPublicKeyHex()];
    const demoTelegramKeys = [
      { botId: '7000000001', publicKeyHex: first },
      { botId: '7000000002', publicKeyHex: second },
    ];
    const keys = new TelegramKeys({ demoTelegramKeys } as unknown as Configuration);

    expect(keys.publicKeyFor(aBot('7000000001')).equals(publicKeyFromHex(first))).toBe(true);
    expect(keys.publicKeyFor(aBot('7000000002')).equals(publicKeyFromHex(second))).toBe(true);
    expect(keys.publicKeyFor(aBot('7000000003'))).toBe(telegramPublicKeys.production);
    expect(keys.publicKeyFor(aBot('7000000001', 'test'))).toBe(telegramPublicKeys.test);
  });
});
