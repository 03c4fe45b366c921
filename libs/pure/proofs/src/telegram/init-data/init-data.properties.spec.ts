import { isRight } from '../../signatures/is-right';
import * as fc from 'fast-check';
import { aTelegramUser, FakeTelegram } from '@countersign/fake-telegram';
import { growthPerCharacter, tries } from '@countersign/text/testing';
import {
  hostileTexts,
  queryChanges,
  reordered,
  respelled,
  saidByQuery,
} from '../../../testing/telegram/mutations';
import { signedFields, deriveInitDataKey, checkInitDataSignature } from './init-data-signatures';
import { parseInitData } from './parse-init-data';
import { verifyInitData } from './verify-init-data';

const BOT_TOKEN = '42:TEST';
const telegram = new FakeTelegram();
const authDate = new Date(1_760_000_000_000);
const user = aTelegramUser({ first_name: 'Ada + Łukasz & =', last_name: '🦊 ?#%' });
const signed = telegram.signInitData({ botToken: BOT_TOKEN, user, authDate, startParam: 'a_b-c' });
const hashOnly = telegram.signInitData({ botToken: BOT_TOKEN, user, authDate, omitSignature: true });

const policy = { hmacKeys: [deriveInitDataKey(BOT_TOKEN)], now: authDate, maxAgeSeconds: 3600 };
const both = {
  ...policy,
  signature: { botId: '42', publicKey: telegram.publicKeys.production, policy: 'required' as const },
};

function verdict(raw: string): string {
  const result = verifyInitData(raw, both);
  return result.ok ? 'accepted' : result.code;
}

function isSigned(raw: string): boolean {
  const fields = parseInitData(raw);
  const signer = { botId: '42', publicKey: telegram.publicKeys.production };
  return fields.ok && checkInitDataSignature(fields.value, signer, isRight).ok;
}

describe('init data under change', () => {
  it.each(queryChanges(signed))('is accepted after %s only when it says the same', (_, changed) => {
    fc.assert(
      fc.property(changed, (raw) => verdict(raw) !== 'accepted' || saidByQuery(raw) === saidByQuery(signed)),
      tries(500),
    );
  });

  it('is accepted with its fields in any order', () => {
    fc.assert(
      fc.property(reordered(signed), (raw) => verdict(raw) === 'accepted'),
      tries(100),
    );
  });

  it('is accepted in any spelling of the same values', () => {
    fc.assert(
      fc.property(respelled(signed), (raw) => verdict(raw) === 'accepted'),
      tries(100),
    );
  });
});

describe('init data under change, by its signature alone', () => {
  const said = (raw: string) => saidByQuery(raw.replace(/(^|&)hash=[^&]*/, ''));

  it.each(queryChanges(signed.replace(/&hash=.*/, '')))(
    'is accepted after %s only when it says the same',
    (_, changed) => {
      fc.assert(
        fc.property(changed, (raw) => !isSigned(raw) || said(raw) === said(signed)),
        tries(250),
      );
    },
  );
});

describe('hostile input', () => {
  it.each(hostileTexts)('is refused and never throws (%#)', (anyText) => {
    fc.assert(
      fc.property(anyText, (text) => {
        const parsed = parseInitData(text);
        if (parsed.ok) signedFields(parsed.value);
        return !verifyInitData(text, both).ok;
      }),
      tries(250),
    );
  });

  it('never throws for any user that was signed', () => {
    const anyJson = fc.oneof(
      fc.json(),
      fc.string(),
      fc.record({ id: fc.jsonValue(), first_name: fc.jsonValue() }).map((value) => JSON.stringify(value)),
    );
    fc.assert(
      fc.property(anyJson, (json) => {
        const raw = telegram.signInitData({ botToken: BOT_TOKEN, user, authDate, extra: { user: json } });
        const result = verifyInitData(raw, both);
        return !result.ok || Number.isSafeInteger(Number(result.value.initData.user.id));
      }),
      tries(500),
    );
  });

  it('takes linear time, whatever its shape', () => {
    const bodies = ['&', '=', '%', '+', 'a=&', '%41', '%F0', '"', '\\', '{"a":', '[', 'user={', '\u00ff'];
    const read = (length: number): void => {
      for (const body of bodies) {
        for (const prefix of ['', 'user=', 'user={"id":1,"first_name":"']) {
          verifyInitData((prefix + body.repeat(length)).slice(0, length), both);
        }
      }
    };
    expect(growthPerCharacter(read, 8192)).toBeLessThan(4);
  });
});

describe('signedFields', () => {
  it('is the same with and without hash and signature, and ordered by name', () => {
    const [one, other] = [signed.replace(/&start_param=[^&]*/, ''), hashOnly].map((raw) => {
      const fields = parseInitData(raw);
      return fields.ok ? signedFields(fields.value) : [];
    });

    expect(one).toEqual(other);
    expect(one?.map(([name]) => name)).toEqual(['auth_date', 'chat_instance', 'chat_type', 'user']);
  });
});
