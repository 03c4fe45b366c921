import { randomUUID } from 'node:crypto';
import type { INestApplicationContext } from '@nestjs/common';
import { accountError } from '@countersign/account';
import { ApplicationsService, botError, BotTokens } from '@countersign/applications';
import {
  authError,
  contactError,
  neededFields,
  PresentedProofs,
  rapidpaceError,
  RapidpaceVerifier,
  TelegramOidc,
  type DoorPath,
} from '@countersign/auth';
import { Clock } from '@countersign/clock';
import { parseJsonBody } from '@countersign/http';
import { verifyContact } from '@countersign/telegram';
import { choose, type Call } from './command';
import { UsageError } from './usage';
import { providers } from './words';

/** What holds of a proof that no rule refuses. */
export interface ExplainedProof {
  readonly assurance: string;
  /** `null` for an undated link. */
  readonly madeAt: Date | null;
}

export interface Presented {
  readonly applicationId: string;
  /** Standard input, as it is. */
  readonly text: string;
  readonly call: Call;
}

/** Looks at a proof as its door does, and uses nothing up. Throws an AppError with the first rule that it fails. */
type Explain = (app: INestApplicationContext, presented: Presented) => Promise<ExplainedProof>;

/** The kinds of proofs by the options that announce them. */
export const explainedProofs: Readonly<Record<string, Explain>> = {
  'init-data-stdin': (app, presented) =>
    openDoor(app, initDataPath(presented.call), { initData: presented.text }, presented),

  'login-widget-stdin': (app, presented) =>
    openDoor(app, 'telegram/login-widget', loginWidgetForm(presented.text), presented),

  'contact-stdin': explainContact,

  'rapidpace-body-stdin': async (app, { applicationId, text, call }) => {
    const { proof } = await app
      .get(RapidpaceVerifier)
      .verifyPlayer(applicationId, text, call.optional('hmac'));
    return proof;
  },

  'rapidpace-link-stdin': async (app, { applicationId, text }) => {
    const { proof, application } = await app.get(RapidpaceVerifier).verifyLink(applicationId, queryOf(text));
    if (application.settings.rapidpace.frontUrl === undefined)
      throw rapidpaceError('rapidpace.not_configured');
    return proof;
  },

  'id-token-stdin': async (app, { applicationId, text, call }) => {
    const { bot } = await app.get(ApplicationsService).getOidcTarget(applicationId, call.optional('bot'));
    // Telegram repeats none. A token that has one was made for a login that nobody here knows, unless it is named.
    const nonce = call.optional('nonce') || randomUUID();
    const { issuedAt } = await app.get(TelegramOidc).verify(text, bot.botId, nonce);
    return { assurance: 'platform', madeAt: issuedAt };
  },
};

async function openDoor(
  app: INestApplicationContext,
  path: DoorPath,
  body: object,
  { applicationId, call }: Presented,
): Promise<ExplainedProof> {
  const botId = call.optional('bot');
  const complete = { ...body, ...(botId === undefined ? {} : { botId }) };
  const { proof } = await app.get(PresentedProofs).openDoor(path, complete, applicationId);
  return proof;
}

function initDataPath(call: Call): DoorPath {
  const provider = choose('provider', call.required('provider'), providers);
  if (!call.has('third-party')) return `${provider}/init-data`;
  if (provider !== 'telegram') throw new UsageError('--third-party is for Telegram only.');
  call.required('bot');
  return 'telegram/third-party-init-data';
}

/** The three forms look so different that nobody has to say which it is. */
function loginWidgetForm(text: string): object {
  if (text.startsWith('{')) return { data: parseJsonBody(Buffer.from(text)) };
  if (/^[\w-]+={0,2}$/.test(text)) return { tgAuthResult: text };
  return { query: queryOf(text) };
}

/** Of a whole URL, the query as it was sent: neither decoded nor with the fragment. */
function queryOf(text: string): string {
  const query = /^https?:\/\/[^?#]*\??([^#]*)/i.exec(text)?.[1];
  return query ?? text;
}

/** Whose contact it is, is asked where there is a session. */
async function explainContact(
  app: INestApplicationContext,
  { applicationId, text, call }: Presented,
): Promise<ExplainedProof> {
  const { application, bot } = await app
    .get(ApplicationsService)
    .getSignInTarget(applicationId, 'telegram', call.optional('bot'));
  if (application.trust === 'third-party') throw authError('auth.assurance_too_low');
  if (!neededFields(application).has('phoneNumber')) throw accountError('account.data_not_needed');
  if (bot.status === 'compromised') throw botError('bot.compromised');
  const now = app.get(Clock).now();
  const verified = verifyContact(text, {
    keys: app.get(BotTokens).initDataKeys(bot, now),
    now,
    maxAgeSeconds: application.settings.initDataMaxAge,
  });
  if (!verified.ok) throw contactError(verified.code);
  return { assurance: 'bot-token', madeAt: verified.value.authDate };
}
