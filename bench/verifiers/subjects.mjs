import { URLSearchParams } from 'node:url';
import { AuthDataValidator } from '@telegram-auth/server';
import { searchParamsToAuthDataMap } from '@telegram-auth/server/utils';
import * as telegramApps from '@telegram-apps/init-data-node';
import * as tma from '@tma.js/init-data-node';
import { built } from '../product/built.mjs';
import { BOT_ID, BOT_TOKEN, MAX_AGE } from './inputs.mjs';

const ours = built('libs/pure/telegram/src');

const policy = {
  hmacKeys: [ours.deriveInitDataKey(BOT_TOKEN)],
  signature: null,
  now: new Date(),
  maxAgeSeconds: MAX_AGE,
};
const age = { expiresIn: MAX_AGE };
const tokenHashed = { tokenHashed: true, ...age };
const tmaKey = tma.hashToken(BOT_TOKEN);
const telegramAppsKey = telegramApps.hashToken(BOT_TOKEN);
const telegramAuth = new AuthDataValidator({ botToken: BOT_TOKEN, inValidateDataAfter: MAX_AGE });

/**
 * Each from the raw text to the typed person, at its fastest: keys are prepared where the package allows it, and a query that
 * two calls need is split once. `personIdOf` throws, rejects or returns undefined for what it rejects; `target`: how many
 * times its rate ours is to reach. The first is ours.
 */
export const byHmac = [
  {
    name: 'Countersign',
    personIdOf: (raw) => {
      const verified = ours.verifyInitData(raw, policy);
      return verified.ok ? verified.value.initData.user.id : undefined;
    },
  },
  {
    name: '@tma.js/init-data-node',
    target: 4,
    hasNumericIds: true,
    personIdOf: (raw) => {
      const query = new URLSearchParams(raw);
      tma.validate(query, tmaKey, tokenHashed);
      return tma.parse(query).user?.id;
    },
  },
  {
    name: '@telegram-apps/init-data-node',
    target: 2,
    hasNumericIds: true,
    personIdOf: (raw) => {
      const query = new URLSearchParams(raw);
      telegramApps.validate(query, telegramAppsKey, tokenHashed);
      return telegramApps.parse(query).user?.id;
    },
  },
  {
    name: '@telegram-auth/server',
    isAsync: true,
    hasNumericIds: true,
    personIdOf: async (raw) =>
      (await telegramAuth.validate(searchParamsToAuthDataMap(new URLSearchParams(raw)))).id,
  },
];

/** `@telegram-auth/server` has no Ed25519. */
export const byEd25519 = [
  {
    name: 'Countersign',
    personIdOf: (raw) => {
      const fields = ours.parseInitData(raw);
      if (!fields.ok) return undefined;
      const { production } = ours.telegramPublicKeys;
      if (!ours.checkInitDataSignature(fields.value, BOT_ID, production).ok) return undefined;
      const initData = ours.readInitData(fields.value, policy);
      return initData.ok ? initData.value.user.id : undefined;
    },
  },
  {
    name: '@tma.js/init-data-node',
    target: 2.5,
    isAsync: true,
    hasNumericIds: true,
    // `validate3rd` wraps this one in a further promise.
    personIdOf: async (raw) => {
      const query = new URLSearchParams(raw);
      const checked = await tma.validate3rdFp(query, Number(BOT_ID), age)();
      return checked._tag === 'Right' ? tma.parse(query).user?.id : undefined;
    },
  },
  {
    name: '@telegram-apps/init-data-node',
    isAsync: true,
    hasNumericIds: true,
    personIdOf: async (raw) => {
      const query = new URLSearchParams(raw);
      await telegramApps.validate3rd(query, Number(BOT_ID), age);
      return telegramApps.parse(query).user?.id;
    },
  },
];
