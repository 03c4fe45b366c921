import { createHmac, randomBytes, randomInt, randomUUID } from 'node:crypto';
import type { Response } from 'supertest';
import { type NewBot } from '@countersign/applications';
import { RapidpaceSecrets } from '@countersign/partner-apis';
import type { SignInBody } from '../factories';
import { expectProblem } from './expect-problem';
import type { Demo, TestApp } from './test-app';

/** The examples of "Telegram Seamless Login" as printed: https://docs.rapidpacecrm.com/article/telegram-seamless-login */
export const SEED = {
  secret: 'URGv5f9J4KbAIkod02uLEXfUMEKhDE1s',
  hmac: 'RXfgLu5gZeWsq4FWcsKwhNVoKI5Jg+3iTm0i6GDSTpc=',
  body: `{
  "telegram_id": 542262331,
  "first_name": "Хади",
  "last_name": "Варпошти",
  "username": "hadivarp",
  "language_code": "en",
  "trace_id": "35b1baf8-a268-44cf-91cb-58112f29202f",
  "auth_date": 1687519459
}`,
  query:
    'trace_id%3D35b1baf8-a268-44cf-91cb-58112f29202f%26telegram_id%3D542262331%26first_name%3D%D0%A5%D0%B0%D0%B4%D0%B8%26last_name%3D%D0%92%D0%B0%D1%80%D0%BF%D0%BE%D1%88%D1%82%D0%B8%26language_code%3Den%26username%3Dhadivarp%26auth_date%3D1687519459%26x-urm-hmac%3DRXfgLu5gZeWsq4FWcsKwhNVoKI5Jg%2B3iTm0i6GDSTpc%3D',
  /** A minute after the record was made. */
  day: new Date('2023-06-23T11:25:19Z'),
} as const;

export type PlayerRecord = Readonly<Record<string, string | number | null>>;

export interface RapidpaceApplication {
  readonly applicationId: string;
  readonly secret: string;
  readonly secretId: string;
}

export const FRONT_URL = 'https://game.example.com/welcome';

/** An application whose records are signed with a secret of its own, unless one is given. */
export async function aRapidpaceApplication(
  app: TestApp,
  wanted: {
    readonly secret?: string;
    readonly trust?: 'first-party' | 'third-party';
    readonly settings?: object;
    readonly rapidpace?: object;
  } = {},
): Promise<RapidpaceApplication> {
  const { secret = randomBytes(24).toString('base64url'), trust = 'first-party' } = wanted;
  const { applicationId } = await app.applications.create({ name: 'Casino', trust, origins: [] });
  await app.changeSettings(applicationId, {
    ...wanted.settings,
    rapidpace: { frontUrl: FRONT_URL, ...wanted.rapidpace },
  });
  const { secretId } = await app.nest.get(RapidpaceSecrets).add(applicationId, secret);
  return { applicationId, secret, secretId };
}

/** An application that takes both Rapidpace's records and the proofs of a bot of its own. */
export async function aCasinoWithBot(
  app: TestApp,
  wanted: { readonly settings?: object; readonly bot?: Partial<NewBot> } = {},
): Promise<{ casino: RapidpaceApplication; demo: Demo }> {
  const { settings = {}, bot } = wanted;
  const casino = await aRapidpaceApplication(app, {
    settings: { loginWidget: { accept: true }, ...settings },
  });
  const { applicationId } = casino;
  return { casino, demo: { applicationId, ...(await app.addBot(applicationId, bot)) } };
}

/** A new player, registered now. */
export function aRecord(app: TestApp, overrides: Record<string, string | number | null> = {}): PlayerRecord {
  return {
    telegram_id: randomInt(1_000_000_000, 2 ** 47),
    first_name: 'Хади',
    last_name: 'Варпошти',
    username: 'hadivarp',
    language_code: 'en',
    trace_id: randomUUID(),
    auth_date: app.clock.now().getTime() / 1_000,
    ...overrides,
  };
}

export function without(record: PlayerRecord, ...names: readonly string[]): PlayerRecord {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)));
}

/** By Rapidpace's document; shares no code with the verifier. */
export function sign(record: PlayerRecord, secret: string): string {
  const text = Object.keys(record)
    .sort()
    .map((name) => `${name}${record[name] ?? ''}`)
    .join('');
  return createHmac('sha256', secret).update(text).digest('base64');
}

/** The ways to write the query of a link. */
export const spellings = {
  'encoded as a whole': (record: PlayerRecord, hmac: string) =>
    encodeURIComponent(joined(record, String, hmac)),
  URLSearchParams: (record: PlayerRecord, hmac: string) =>
    new URLSearchParams([...textsOf(record), ['x-urm-hmac', hmac]]).toString(),
  encodeURIComponent: (record: PlayerRecord, hmac: string) =>
    joined(record, encodeURIComponent, encodeURIComponent(hmac)),
  'a raw + in the HMAC': (record: PlayerRecord, hmac: string) => joined(record, encodeURIComponent, hmac),
} as const;

export const spellingNames = Object.keys(spellings) as (keyof typeof spellings)[];

export function queryOf(record: PlayerRecord, secret: string): string {
  return spellings.encodeURIComponent(record, sign(record, secret));
}

/** @param body text is sent as it is. */
export function postPlayer(
  app: TestApp,
  applicationId: string,
  body: string | Buffer | PlayerRecord,
  hmac: string | undefined,
  headers: Record<string, string> = {},
): Promise<Response> {
  const isRaw = typeof body === 'string' || Buffer.isBuffer(body);
  return app.http
    .post(`/v1/rapidpace/${applicationId}/players`)
    .set({
      'content-type': 'application/json',
      ...(hmac === undefined ? {} : { 'x-urm-hmac': hmac }),
      ...headers,
    })
    .serialize((sent: unknown) => sent as string)
    .send(isRaw ? body : JSON.stringify(body));
}

export async function register(
  app: TestApp,
  { applicationId, secret }: RapidpaceApplication,
  record: PlayerRecord,
): Promise<Response> {
  return postPlayer(app, applicationId, record, sign(record, secret));
}

export async function openLink(app: TestApp, applicationId: string, query: string): Promise<Response> {
  return app.http.get(`/v1/rapidpace/${applicationId}/redirect?${query}`).set('accept', 'application/json');
}

/** The one-time code of a link that was followed. */
export function codeOf(answer: Response): string {
  expect({ status: answer.status, body: answer.body as unknown }).toEqual({ status: 303, body: {} });
  return new URL(answer.headers['location'] ?? '').searchParams.get('code') ?? '';
}

export async function exchange(app: TestApp, applicationId: string, code: string): Promise<Response> {
  return app.http.post('/v1/auth/exchange').send({ applicationId, code });
}

/** From the query of a link to tokens. */
export async function enter(app: TestApp, applicationId: string, query: string): Promise<SignInBody> {
  const answer = await exchange(app, applicationId, codeOf(await openLink(app, applicationId, query)));
  expect({ status: answer.status, body: answer.body as unknown }).toMatchObject({ status: 200 });
  return answer.body as SignInBody;
}

/** Neither as a registration call nor as a link. */
export async function expectRefused(
  app: TestApp,
  applicationId: string,
  record: PlayerRecord,
  hmac: string,
  [status, code]: readonly [status: number, code: string],
): Promise<void> {
  expectProblem(await postPlayer(app, applicationId, record, hmac), status, code);
  for (const name of spellingNames) {
    const answer = await openLink(app, applicationId, spellings[name](record, hmac));
    expectProblem(answer, status, code);
    expect(answer.headers).not.toHaveProperty('location');
  }
}

function textsOf(record: PlayerRecord): [string, string][] {
  return Object.entries(record).map(([name, value]) => [name, String(value ?? '')]);
}

function joined(record: PlayerRecord, encode: (text: string) => string, hmac: string): string {
  const pairs = textsOf(record).map(([name, value]) => `${name}=${encode(value)}`);
  return [...pairs, `x-urm-hmac=${hmac}`].join('&');
}
