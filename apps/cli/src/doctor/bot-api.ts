import type { INestApplicationContext } from '@nestjs/common';
import { ApplicationsService, BotsService, BotTokens, type Bot } from '@countersign/applications';
import { Configuration } from '@countersign/runtime';
import { boundedFetch } from '@countersign/fetch';
import { Findings } from './finding';

const MAX_BOTS = 1_000;
const BOTS_AT_ONCE = 100;
const LIMITS = { timeLimitMs: 5_000, maxBytes: 64 * 1024 };

/** The fields that are read, from https://core.telegram.org/bots/api#user and #menubutton. */
interface Answers {
  readonly getMe: { readonly username?: string; readonly has_main_web_app?: boolean };
  readonly getChatMenuButton: { readonly type?: string; readonly web_app?: { readonly url?: string } };
}

class TokenUnknown extends Error {}
/** Its message may be printed. The message of `fetch` may have the URL, and so the token. */
class NoAnswer extends Error {}

/** @param api the address of the Bot API; tokens go only there */
export async function examineBots(app: INestApplicationContext, api: string, found: Findings): Promise<void> {
  const bots = await app.get(BotsService).list({}, { limit: MAX_BOTS, afterId: null });
  if (bots.length === 0) found.note('bots', 'there is none', 'countersign bot add --help');
  for (let from = 0; from < Math.min(bots.length, MAX_BOTS); from += BOTS_AT_ONCE) {
    const together = bots.slice(from, Math.min(from + BOTS_AT_ONCE, MAX_BOTS));
    const ofEach = await Promise.all(together.map((bot) => findingsOf(app, api, bot)));
    found.all.push(...ofEach.flatMap(({ all }) => all));
  }
  if (bots.length > MAX_BOTS)
    found.unknown('bots', `more than ${MAX_BOTS}: the older ones were not looked at`);
}

async function findingsOf(app: INestApplicationContext, api: string, bot: Bot): Promise<Findings> {
  const found = new Findings();
  const check = `bot ${bot.botId}`;
  const { demoTelegramKeys, publicUrl } = app.get(Configuration);
  const isMadeUp =
    bot.environment === 'production' && demoTelegramKeys.some(({ botId }) => botId === bot.botId);
  if (bot.status === 'compromised')
    found.wrong(check, 'it is marked as compromised', 'follow docs/operations.md#bots-over-time');
  else if (bot.status === 'disabled') found.note(check, 'it is disabled: Telegram was not asked');
  else if (bot.provider !== 'telegram') found.note(check, 'its messenger has no call that checks a token');
  else if (isMadeUp) found.note(check, 'DEMO_TELEGRAM_KEY has a key for it: Telegram was not asked');
  else
    try {
      const { settings } = await app.get(ApplicationsService).getById(bot.applicationId);
      const own = publicUrl === null ? [] : [new URL(publicUrl).origin];
      const token = app.get(BotTokens).open(bot.id, 'token', bot.token);
      const address = `${api}/bot${token}/${bot.environment === 'test' ? 'test/' : ''}`;
      compareName(found, check, bot, await ask(address, 'getMe'));
      compareMiniApp(found, check, bot, await ask(address, 'getChatMenuButton'), [
        ...settings.origins,
        ...own,
      ]);
    } catch (error) {
      if (error instanceof TokenUnknown)
        found.wrong(
          check,
          'Telegram does not know its token: it was revoked, or the bot is deleted',
          `get the token at BotFather, and: countersign bot rotate ${bot.botId} --token-stdin < token.txt`,
        );
      else found.unknown(check, error instanceof NoAnswer ? error.message : 'it cannot be looked at');
    }
  return found;
}

function compareName(
  found: Findings,
  check: string,
  { botId, username, miniAppName }: Bot,
  { username: name = '', has_main_web_app: hasMain }: Answers['getMe'],
): void {
  found.ok(check, 'Telegram knows its token');
  if (name.toLowerCase() !== username.toLowerCase()) {
    // People paste the remedy into a shell.
    const isName = /^\w{1,64}$/.test(name);
    found.wrong(
      check,
      `Telegram calls it ${isName ? `@${name}` : 'by another name'}, and this service @${username}: links open another bot or none`,
      `countersign bot set ${botId} --username ${isName ? name : '<username>'}`,
    );
  }
  if (miniAppName === null && hasMain !== true)
    found.note(
      check,
      'it has no main Mini App: links of this service open none',
      `enable it at BotFather, or name another: countersign bot set ${botId} --mini-app-name <name>`,
    );
}

/** The URL of the button may be a t.me link, whose target Telegram does not return. */
function compareMiniApp(
  found: Findings,
  check: string,
  { applicationId }: Bot,
  { type, web_app: app }: Answers['getChatMenuButton'],
  origins: readonly string[],
): void {
  const url = app?.url ?? '';
  if (type !== 'web_app') return found.ok(check, 'its default menu button opens no Mini App');
  if (!URL.canParse(url) || new URL(url).hostname === 't.me')
    return found.note(
      check,
      'Telegram does not say which URL its default menu button opens',
      'compare the URL at BotFather with the setting origins',
    );
  const { origin } = new URL(url);
  if (origins.includes(origin)) return found.ok(check, `its Mini App at ${origin} may call`);
  return found.wrong(
    check,
    `its default menu button opens ${origin}, which may not call for application ${applicationId}`,
    `add it (countersign application set ${applicationId} --add-origin ${origin}), or correct the URL at BotFather`,
  );
}

async function ask<Method extends keyof Answers>(bot: string, method: Method): Promise<Answers[Method]> {
  let response: Response;
  try {
    response = await boundedFetch(bot + method, {}, LIMITS);
  } catch (error) {
    const { name, cause } = error as Error & { cause?: { code?: unknown } };
    const code = typeof cause?.code === 'string' ? cause.code : name;
    throw new NoAnswer(`the Bot API cannot be asked for ${method} (${code})`, { cause: error });
  }
  const body = (await response.json().catch(() => ({}))) as {
    readonly ok?: boolean;
    readonly result?: unknown;
  };
  if (body.ok === true && typeof body.result === 'object' && body.result !== null) return body.result;
  // Telegram answers 401 for an unknown token, and 404 for a text of another form.
  if (response.status === 401 || response.status === 404) throw new TokenUnknown();
  throw new NoAnswer(`the Bot API answers ${response.status} to ${method}`);
}
