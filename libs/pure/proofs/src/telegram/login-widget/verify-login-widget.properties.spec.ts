import * as fc from 'fast-check';
import {
  aTelegramUser,
  FakeTelegram,
  loginWidgetQuery,
  tgAuthResultOf,
  type LoginWidgetData,
} from '@countersign/fake-telegram';
import { growthPerCharacter, tries } from '@countersign/text/testing';
import {
  bitFlipped,
  edited,
  hostileTexts,
  queryChanges,
  reordered,
  respelled,
  saidByFields,
  saidByQuery,
} from '../../../testing/telegram/mutations';
import type { LoginWidgetInput } from './login-widget-fields';
import { deriveLoginWidgetKey, verifyLoginWidget } from './verify-login-widget';

const BOT_TOKEN = '42:TEST';
const authDate = new Date(1_760_000_000_000);
const telegram = new FakeTelegram();
const user = aTelegramUser({ first_name: 'Ada + Łukasz & =', last_name: '🦊 ?#%' });
const data = telegram.signLoginWidget({ botToken: BOT_TOKEN, user, authDate, extra: { zz_empty: '' } });
const query = loginWidgetQuery(data);
const authResult = tgAuthResultOf(data);
const authResultJson = Buffer.from(authResult, 'base64url').toString('utf8');
const said = saidByFields(Object.entries(data));

const policy = {
  keys: [deriveLoginWidgetKey(BOT_TOKEN)],
  now: authDate,
  maxAgeSeconds: 3600,
};

function isAccepted(input: LoginWidgetInput): boolean {
  return verifyLoginWidget(input, policy).ok;
}

/** A second opinion on what an encoded object says. */
function saidByAuthResult(text: string): string {
  const parsed: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  return saidByFields(Object.entries(parsed as object));
}

describe('the query of a login under change', () => {
  it.each(queryChanges(query))('is accepted after %s only when it says the same', (_, changed) => {
    fc.assert(
      fc.property(
        changed,
        (raw) => !isAccepted({ kind: 'query', query: raw }) || saidByQuery(raw) === saidByQuery(query),
      ),
      tries(500),
    );
  });

  it.each([
    ['with its fields in any order', reordered(query)],
    ['in any spelling of the same values', respelled(query)],
  ])('is accepted %s', (_, changed) => {
    fc.assert(
      fc.property(changed, (raw) => isAccepted({ kind: 'query', query: raw })),
      tries(200),
    );
  });
});

describe('tgAuthResult under change', () => {
  const encoded = (json: string) => Buffer.from(json, 'utf8').toString('base64url');

  it.each([
    ['one bit of the text was flipped', bitFlipped(authResult)],
    ['the text was edited', edited(authResult)],
    ['one bit of its JSON was flipped', bitFlipped(authResultJson).map(encoded)],
    ['its JSON was edited', edited(authResultJson).map(encoded)],
  ])('is accepted after %s only when it says the same', (_, changed) => {
    fc.assert(
      fc.property(
        changed,
        (text) =>
          !isAccepted({ kind: 'tgAuthResult', tgAuthResult: text }) || saidByAuthResult(text) === said,
      ),
      tries(500),
    );
  });
});

describe('the object of a login under change', () => {
  const aName = fc.constantFrom(...Object.keys(data));
  const aValue = fc.oneof(
    fc.jsonValue(),
    fc.string({ unit: 'binary' }),
    fc.constantFrom(...Object.values(data)),
    aName.chain((name) => edited(`${data[name] ?? ''} `)),
  );
  const replaced = fc.tuple(aName, aValue).map(([name, value]) => ({ ...data, [name]: value }));
  const renamed = fc.tuple(aName, edited('first_name')).map(([name, other]) => {
    const { [name]: value, ...rest } = data;
    return { ...rest, [other]: value };
  });
  const added = fc.tuple(fc.string(), aValue).map(([name, value]) => ({ ...data, [name]: value }));

  it.each<[done: string, changed: fc.Arbitrary<object>]>([
    ['a value was replaced', replaced],
    ['a field was renamed', renamed],
    ['a field was added', added],
  ])('is accepted after %s only when it says the same', (_, changed) => {
    fc.assert(
      fc.property(
        changed,
        (other) =>
          !isAccepted({ kind: 'object', data: other }) || saidByFields(Object.entries(other)) === said,
      ),
      tries(500),
    );
  });
});

describe('any login', () => {
  const aText = fc.string({ unit: 'grapheme', maxLength: 40 });
  const aPerson = fc.record(
    {
      id: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
      first_name: aText,
      last_name: aText,
      username: aText,
      photo_url: fc.webUrl(),
    },
    { requiredKeys: ['id', 'first_name'] },
  );

  it('is the same proof of the same person in all its forms', () => {
    const verified = (signed: LoginWidgetData) =>
      [
        verifyLoginWidget({ kind: 'object', data: signed }, policy),
        verifyLoginWidget({ kind: 'query', query: loginWidgetQuery(signed) }, policy),
        verifyLoginWidget({ kind: 'tgAuthResult', tgAuthResult: tgAuthResultOf(signed) }, policy),
      ] as const;
    fc.assert(
      fc.property(aPerson, (person) => {
        const [one, ...others] = verified(
          telegram.signLoginWidget({ botToken: BOT_TOKEN, user: person, authDate }),
        );
        expect(one).toMatchObject({ ok: true, value: { user: { id: person.id.toString() } } });
        for (const other of others) expect(other).toStrictEqual(one);
      }),
      tries(500),
    );
  });
});

describe('hostile input', () => {
  it.each(hostileTexts)('is refused and never throws (%#)', (anyText) => {
    fc.assert(
      fc.property(
        anyText,
        (text) =>
          !isAccepted({ kind: 'query', query: text }) &&
          !isAccepted({ kind: 'tgAuthResult', tgAuthResult: text }) &&
          !isAccepted({ kind: 'tgAuthResult', tgAuthResult: Buffer.from(text).toString('base64url') }) &&
          !isAccepted({ kind: 'object', data: text }),
      ),
      tries(250),
    );
  });

  it('is refused and never throws as any value', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.anything(), fc.jsonValue()),
        (value) => !isAccepted({ kind: 'object', data: value }),
      ),
      tries(250),
    );
  });

  it('never throws for any fields that were signed', () => {
    const anyFields = fc.dictionary(
      fc.constantFrom('id', 'first_name', 'last_name', 'username', 'auth_date', 'photo_url', 'z'),
      fc.oneof(fc.string(), fc.maxSafeInteger()),
    );
    fc.assert(
      fc.property(anyFields, (extra) => {
        const input = telegram.signLoginWidget({ botToken: BOT_TOKEN, user, authDate, extra });
        const result = verifyLoginWidget({ kind: 'object', data: input }, policy);
        return !result.ok || Number.isSafeInteger(Number(result.value.user.id));
      }),
      tries(500),
    );
  });

  it('takes linear time, whatever its shape', () => {
    const bodies = ['&', '=', '%', '+', 'a=&', 'next&', '%41', '"', '\\', '{"a":', '[', '{"a":1,', '\u00ff'];
    const read = (length: number): void => {
      for (const body of bodies) {
        const text = body.repeat(length).slice(0, length);
        isAccepted({ kind: 'query', query: text });
        isAccepted({
          kind: 'tgAuthResult',
          tgAuthResult: Buffer.from(text.slice(0, length * 0.75)).toString('base64url'),
        });
      }
    };
    expect(growthPerCharacter(read, 8192)).toBeLessThan(4);
  });
});
