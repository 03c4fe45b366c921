import * as fc from 'fast-check';
import { FakeTelegram, signFields } from '@countersign/fake-telegram';
import { tries } from '@countersign/text/testing';
import {
  hostileTexts,
  queryChanges,
  reordered,
  respelled,
  saidByQuery,
} from '../../../testing/telegram/mutations';
import { deriveInitDataKey } from '../init-data/init-data-signatures';
import { verifyContact } from './verify-contact';

const BOT_TOKEN = '42:TEST';
const authDate = new Date(1_760_000_000_000);
const policy = { keys: [deriveInitDataKey(BOT_TOKEN)], now: authDate, maxAgeSeconds: 3600 };
const signed = new FakeTelegram().signContact({
  botToken: BOT_TOKEN,
  userId: 279_058_397,
  phoneNumber: '+79001234567',
  firstName: 'Ada + Łukasz & =',
  lastName: '🦊 ?#%',
  authDate,
});

function isAccepted(raw: string): boolean {
  return verifyContact(raw, policy).ok;
}

describe('a contact under change', () => {
  it.each(queryChanges(signed))('is accepted after %s only when it says the same', (_, changed) => {
    fc.assert(
      fc.property(changed, (raw) => !isAccepted(raw) || saidByQuery(raw) === saidByQuery(signed)),
      tries(500),
    );
  });

  it.each([
    ['with its fields in any order', reordered(signed)],
    ['in any spelling of the same values', respelled(signed)],
  ])('is accepted %s', (_, changed) => {
    fc.assert(fc.property(changed, isAccepted), tries(200));
  });
});

describe('hostile input', () => {
  it.each(hostileTexts)('is refused and never throws (%#)', (anyText) => {
    fc.assert(
      fc.property(anyText, (text) => !isAccepted(text)),
      tries(250),
    );
  });

  it('never throws for any contact that was signed', () => {
    const aPart = fc.oneof(fc.jsonValue(), fc.maxSafeInteger(), fc.stringMatching(/^\+?[0-9]{5,17}$/));
    const anyJson = fc.oneof(
      fc.json(),
      fc.string(),
      fc
        .record({ user_id: aPart, phone_number: aPart, first_name: aPart, last_name: aPart })
        .map((contact) => JSON.stringify(contact)),
    );
    fc.assert(
      fc.property(anyJson, (contact) => {
        const raw = signFields(
          [
            ['contact', contact],
            ['auth_date', '1760000000'],
          ],
          BOT_TOKEN,
        );
        const result = verifyContact(raw, policy);
        return !result.ok || /^[1-9]\d*\+[1-9]\d{6,14}$/.test(result.value.userId + result.value.phoneNumber);
      }),
      tries(500),
    );
  });
});
