import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tma from '@tma.js/init-data-node';
import { signRecord } from '@countersign/proofs';
import {
  verifyInitData,
  verifyInitDataSignature,
  verifyLoginWidget,
  verifyRapidpaceBody,
  verifyRapidpaceLink,
  type Verified,
} from './index';
import { publicKey } from './web-crypto';

interface Vectors<T> {
  readonly vectors: readonly (T & { readonly id: string; readonly expected: 'valid' | 'invalid' })[];
}

const read = (name: string): unknown =>
  JSON.parse(readFileSync(join(__dirname, '../../../test/vectors', `${name}.json`), 'utf8'));
const tableOf = <T>(name: string) =>
  (read(name) as Vectors<T>).vectors.map((vector) => [vector.id, vector] as const);
const dateIn = (text: string | undefined) =>
  new Date(Number(/auth_date=(\d{9,11})/.exec(text ?? '')?.[1] ?? 0) * 1000);
/** Whether the signature is right: vectors say nothing of ages and people. */
const isAuthentic = (result: Verified<unknown>) =>
  result.ok || !/\.(?:hash_|signature_|empty|malformed|duplicate)/.test(result.code);

describe('published vectors', () => {
  it.each(tableOf<{ bot_token: string; init_data: string }>('miniapp-hmac'))(
    'init data: %s',
    async (_, vector) => {
      const now = dateIn(vector.init_data);
      const result = await verifyInitData(vector.init_data, {
        botToken: vector.bot_token,
        maxAgeSeconds: 60,
        now,
      });
      expect(isAuthentic(result)).toBe(vector.expected === 'valid');
    },
  );

  it.each(tableOf<{ bot_token: string; fields: Record<string, string> }>('login-widget'))(
    'Login Widget: %s',
    async (_, { bot_token: botToken, fields, expected }) => {
      const now = new Date(Number(fields['auth_date']) * 1000);
      const result = await verifyLoginWidget(
        { kind: 'object', data: fields },
        { botToken, maxAgeSeconds: 60, now },
      );
      expect(isAuthentic(result)).toBe(expected === 'valid');
    },
  );

  const signed = tableOf<{ bot_id: number; init_data: string; public_key_hex: string }>('miniapp-ed25519');
  it.each(signed)('Telegram’s signature: %s', async (_, vector) => {
    const environment = vector.public_key_hex.startsWith('e7bf03a2') ? 'production' : 'test';
    const result = await verifyInitDataSignature(vector.init_data, {
      botId: String(vector.bot_id),
      environment,
      maxAgeSeconds: 60,
      now: dateIn(vector.init_data),
    });
    expect(isAuthentic(result)).toBe(vector.expected === 'valid');
  });

  const hostile = read('miniapp-hostile') as {
    readonly bot_token: string;
    readonly now: number;
    readonly max_age: number;
    readonly vectors: readonly { id: string; init_data: string; recommended: 'accept' | 'reject' }[];
  };
  it.each(hostile.vectors.map((vector) => [vector.id, vector] as const))(
    'hostile init data: %s',
    async (_, vector) => {
      const result = await verifyInitData(vector.init_data, {
        botToken: hostile.bot_token,
        maxAgeSeconds: hostile.max_age,
        now: new Date(hostile.now * 1000),
      });
      expect(result.ok).toBe(vector.recommended === 'accept');
    },
  );
});

describe('init data', () => {
  const now = new Date(1_760_000_000_000);
  const user = { id: 279_058_397, first_name: 'Ada', username: 'ada' };
  const initData = tma.sign({ user, start_param: 'spring' }, '42:token', now);

  it('answers the person and the start parameter, as OpenWeb3 signs it too', async () => {
    expect(await verifyInitData(initData, { botToken: '42:token', maxAgeSeconds: 60, now })).toEqual({
      ok: true,
      value: {
        authDate: now,
        user: { id: '279058397', firstName: 'Ada', username: 'ada' },
        startParam: 'spring',
        signatureVerified: false,
      },
    });
  });

  it('accepts any of two tokens, and refuses a third', async () => {
    const by = (...botToken: string[]) => verifyInitData(initData, { botToken, maxAgeSeconds: 60, now });
    expect(await by('42:next', '42:token')).toMatchObject({ ok: true });
    expect(await by('42:next')).toMatchObject({ ok: false, code: 'init_data.hash_mismatch' });
    expect(await by()).toMatchObject({ ok: false, code: 'init_data.hash_mismatch' });
  });

  it('refuses an old one, and asks for the signature where that is wanted', async () => {
    const options = { botToken: '42:token', maxAgeSeconds: 60 };
    expect(await verifyInitData(initData, options)).toMatchObject({ code: 'init_data.auth_date_expired' });
    expect(await verifyInitData(initData, { ...options, now, signature: { botId: '42' } })).toMatchObject({
      code: 'init_data.signature_missing',
    });
  });

  it('throws for options that would check nothing', async () => {
    await expect(verifyInitData(initData, { botToken: '', maxAgeSeconds: 60 })).rejects.toThrow(RangeError);
    await expect(verifyInitData(initData, { botToken: 'a', maxAgeSeconds: NaN })).rejects.toThrow(RangeError);
  });
});

describe('Rapidpace', () => {
  const secret = 'shared';
  const now = new Date(1_760_000_000_000);
  const record = new Map([
    ['auth_date', '1760000000'],
    ['first_name', 'Ada'],
    ['telegram_id', '42'],
  ]);
  const hmac = signRecord(record, secret);
  const query = new URLSearchParams([...record, ['x-urm-hmac', hmac]]).toString();

  it('accepts a link, also one to which a campaign has added names, until it is too old', async () => {
    const player = { telegramId: '42', firstName: 'Ada', lastName: null, authDate: now };
    const check = (text: string, at = now) =>
      verifyRapidpaceLink(text, { secret, maxAgeSeconds: 60, now: at });
    expect(await check(query)).toMatchObject({ ok: true, value: player });
    expect(await check(`${query}&utm_source=mail`)).toMatchObject({ ok: true });
    expect(await check(query.replace('Ada', 'Eve'))).toMatchObject({ code: 'rapidpace.hmac_mismatch' });
    expect(await check(query, new Date(1_760_000_061_000))).toMatchObject({ code: 'rapidpace.link_expired' });
  });

  it('accepts a registration call, and refuses it with another secret', async () => {
    const body = JSON.stringify({ ...Object.fromEntries(record), telegram_id: 42 });
    expect(await verifyRapidpaceBody(body, hmac, { secret })).toMatchObject({
      ok: true,
      value: { telegramId: '42' },
    });
    expect(await verifyRapidpaceBody(body, hmac, { secret: 'other' })).toMatchObject({ ok: false });
    expect(await verifyRapidpaceBody(body, undefined, { secret })).toMatchObject({
      code: 'rapidpace.hmac_missing',
    });
  });
});

it('takes a public key of 32 bytes', async () => {
  await expect(publicKey('00'.repeat(31))).rejects.toThrow();
});
