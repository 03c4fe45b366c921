import { accepted, type Result } from '@countersign/text';
import {
  checkInitData,
  checkLoginWidget,
  checkRecord,
  initDataRefusals,
  isCampaignParameter,
  loginWidgetRefusals,
  parsePlayerBody,
  parseRedirectQuery,
  rapidpaceRefusals,
  readLinkAge,
  TELEGRAM_KEYS,
  type VerifiedRapidpacePlayer,
} from '@countersign/proofs';
import type {
  Age,
  Environment,
  InitData,
  Login,
  LoginWidgetData,
  RapidpacePlayer,
  Refused,
  Verified,
  WithBotToken,
} from './verified';
import { conclude, initDataKeys, loginWidgetKeys, publicKey, rapidpaceKeys } from './web-crypto';

export type * from './verified';

/**
 * Accepts a Mini App's init data by its `hash`, which only a holder of the bot's token can make. To also require
 * Telegram's own signature, set `signature`. Mini Apps of OpenWeb3 have none.
 * @param initData `Telegram.WebApp.initData`, unchanged
 */
export async function verifyInitData(
  initData: string,
  options: WithBotToken &
    Age & { readonly signature?: { readonly botId: string; readonly environment?: Environment } },
): Promise<Verified<InitData & { readonly signatureVerified: boolean }>> {
  const { botToken, signature } = options;
  const policy = {
    ...aged(options),
    hmacKeys: await initDataKeys(botToken),
    signature: signature ? await signedBy(signature) : null,
  };
  const verified = await conclude((test) => checkInitData(initData, policy, test));
  return answer(initDataRefusals, verified, ({ initData: data, signatureVerified }) => ({
    ...data,
    signatureVerified,
  }));
}

/**
 * Accepts a Mini App's init data by Telegram's Ed25519 signature alone, without the bot's token.
 * @param options.botId the id of a bot that you trust, never from the client
 */
export async function verifyInitDataSignature(
  initData: string,
  options: Age & { readonly botId: string; readonly environment?: Environment },
): Promise<Verified<InitData>> {
  const policy = { ...aged(options), hmacKeys: null, signature: await signedBy(options) };
  const verified = await conclude((test) => checkInitData(initData, policy, test));
  return answer(initDataRefusals, verified, ({ initData: data }) => data);
}

/** Accepts Login Widget or LoginUrl data by its `hash`. */
export async function verifyLoginWidget(
  login: LoginWidgetData,
  options: WithBotToken & Age,
): Promise<Verified<Login>> {
  const keys = await loginWidgetKeys(options.botToken);
  const policy = { ...aged(options), keys };
  const verified = await conclude((test) => checkLoginWidget(login, policy, test));
  return answer(loginWidgetRefusals, verified, ({ authDate, user }) => ({ authDate, user }));
}

/**
 * Accepts a login link of Rapidpace.
 * @param query the text after `?`, not decoded
 * @param options.undated the default refuses a link without a date, because it would never expire
 */
export async function verifyRapidpaceLink(
  query: string,
  options: Age & { readonly secret: string | readonly string[]; readonly undated?: 'refuse' | 'accept' },
): Promise<Verified<RapidpacePlayer>> {
  const keys = await rapidpaceKeys(options.secret);
  const read = parseRedirectQuery(query);
  if (!read.ok) return refused(rapidpaceRefusals, read.code);
  const { record: signed, hmac } = read.value;
  const player = await conclude((test) =>
    checkRecord(signed, { hmac, keys, test, isUnsigned: isCampaignParameter }),
  );
  if (!player.ok) return refused(rapidpaceRefusals, player.code);
  const age = readLinkAge(player.value.authDate, { ...aged(options), undated: options.undated ?? 'refuse' });
  return age.ok ? answer(rapidpaceRefusals, player, withoutProof) : refused(rapidpaceRefusals, age.code);
}

/**
 * Accepts a registration call of Rapidpace. It opens no session, so its age is not checked.
 * @param body the raw JSON text
 * @param hmac the header `x-urm-hmac`
 */
export async function verifyRapidpaceBody(
  body: string,
  hmac: string | undefined,
  options: { readonly secret: string | readonly string[] },
): Promise<Verified<RapidpacePlayer>> {
  const keys = await rapidpaceKeys(options.secret);
  const record = parsePlayerBody(body);
  if (!record.ok) return refused(rapidpaceRefusals, record.code);
  const player = await conclude((test) => checkRecord(record.value, { hmac, keys, test }));
  return answer(rapidpaceRefusals, player, withoutProof);
}

async function signedBy({
  botId,
  environment = 'production',
}: {
  readonly botId: string;
  readonly environment?: Environment;
}) {
  return { botId, publicKey: await publicKey(TELEGRAM_KEYS[environment]), policy: 'required' } as const;
}

function withoutProof({ canonical: _, signature: __, ...player }: VerifiedRapidpacePlayer): RapidpacePlayer {
  return player;
}

function aged({ maxAgeSeconds, now = new Date() }: Age): { maxAgeSeconds: number; now: Date } {
  return { maxAgeSeconds, now };
}

type Texts<Code extends string> = Readonly<Record<Code, Pick<Refused, 'title' | 'remedy'>>>;

function answer<T, Shown, Code extends string>(
  texts: Texts<Code>,
  verified: Result<T, Code>,
  shown: (value: T) => Shown,
): Verified<Shown> {
  return verified.ok ? accepted(shown(verified.value)) : refused(texts, verified.code);
}

function refused<Code extends string>(texts: Texts<Code>, code: Code): Refused {
  const { title, remedy } = texts[code];
  return { ok: false, code, title, ...(remedy === undefined ? {} : { remedy }) };
}
