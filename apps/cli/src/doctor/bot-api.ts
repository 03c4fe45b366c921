import type { BotRecord } from '@countersign/applications';
import { note, ok, unknown, wrong, type Finding } from './finding';

/** Milliseconds, for each call. */
const TIMEOUT = 5_000;
/** Seconds: an older error of a webhook is over. */
const RECENT = 3_600;

/** https://core.telegram.org/bots/api#user, and #webhookinfo, #menubutton: the fields that are looked at. */
interface Answers {
  readonly getMe: { readonly username?: string; readonly has_main_web_app?: boolean };
  readonly getWebhookInfo: {
    readonly url?: string;
    readonly pending_update_count?: number;
    readonly last_error_date?: number;
    readonly last_error_message?: string;
  };
  readonly getChatMenuButton: { readonly type?: string; readonly web_app?: { readonly url?: string } };
}

/** Telegram answered, and said no. The description is Telegram's. */
class Refused extends Error {
  constructor(
    readonly status: number,
    description: string,
  ) {
    super(description);
  }
}

export interface AskedBot {
  readonly bot: BotRecord;
  readonly token: string;
  /** Web origins that may call for its application, with that of the service. */
  readonly origins: readonly string[];
}

/**
 * Whether Telegram knows the token, delivers to the webhook, and opens a Mini App that may call this service.
 * @param api where the Bot API is; the token goes there and nowhere else
 */
export async function askBotApi(api: string, { bot, token, origins }: AskedBot): Promise<readonly Finding[]> {
  const check = `bot ${bot.botId}`;
  const prefix = bot.environment === 'test' ? 'test/' : '';
  const ask = <Method extends keyof Answers>(method: Method): Promise<Answers[Method]> =>
    call(`${api}/bot${token}/${prefix}${method}`) as Promise<Answers[Method]>;
  const findingsOf = async <Method extends keyof Answers>(
    method: Method,
    findings: (answer: Answers[Method]) => readonly Finding[],
  ): Promise<readonly Finding[]> => {
    try {
      return findings(await ask(method));
    } catch (error) {
      return [failureOf(bot, method, error)];
    }
  };
  const [me, ...failed] = await findingsOf('getMe', (answer) => nameOf(check, bot, answer));
  if (me?.state !== 'ok') return me ? [me, ...failed] : [];
  const others = await Promise.all([
    findingsOf('getWebhookInfo', (answer) => [webhookOf(check, answer)]),
    findingsOf('getChatMenuButton', (answer) => [miniAppOf(check, bot, answer, origins)]),
  ]);
  return [me, ...failed, ...others.flat()];
}

function failureOf({ botId }: BotRecord, method: keyof Answers, error: unknown): Finding {
  const check = `bot ${botId}`;
  if (!(error instanceof Refused))
    return unknown(check, `the Bot API cannot be asked for ${method} (${codeOf(error)})`);
  // An unknown token is answered with 401, one of another form with 404.
  if (error.status === 401 || error.status === 404)
    return wrong(
      check,
      'Telegram does not know its token: it was revoked, or the bot is deleted',
      `get the token at BotFather, and: countersign bot rotate ${botId} --token-stdin < token.txt`,
    );
  return unknown(check, `the Bot API answers ${error.status} to ${method}: ${printable(error.message)}`);
}

function nameOf(
  check: string,
  { botId, username, miniAppName }: BotRecord,
  me: Answers['getMe'],
): readonly Finding[] {
  const findings = [ok(check, 'Telegram knows its token')];
  const name = me.username ?? '';
  if (name.toLowerCase() !== username.toLowerCase()) {
    // The remedy is pasted into a shell.
    const isName = /^\w{1,64}$/.test(name);
    findings.push(
      wrong(
        check,
        `Telegram calls it ${isName ? `@${name}` : 'by another name'}, and this service @${username}: links open another bot or none`,
        `countersign bot set ${botId} --username ${isName ? name : '<username>'}`,
      ),
    );
  }
  if (miniAppName === null && me.has_main_web_app !== true)
    findings.push(
      note(
        check,
        'it has no main Mini App: links of this service open none',
        `enable it at BotFather, or name another: countersign bot set ${botId} --mini-app <name>`,
      ),
    );
  return findings;
}

/** Its path may be a secret: the host alone is shown. */
function webhookOf(check: string, info: Answers['getWebhookInfo']): Finding {
  if (!info.url) return ok(check, 'no webhook is set: this service needs none');
  const { last_error_date: failedAt = 0, pending_update_count: pending = 0 } = info;
  const at = `its webhook at ${hostOf(info.url)}`;
  if (pending === 0) return ok(check, `no update waits for ${at}`);
  if (Date.now() / 1_000 - failedAt > RECENT)
    return note(check, `${pending} update(s) wait for ${at}, without an error in the last hour`);
  return wrong(
    check,
    `${at} fails, ${pending} update(s) wait: ${printable(info.last_error_message ?? 'no reason is given')}`,
    'mend the server of the bot, or set its webhook again (setWebhook of the Bot API)',
  );
}

/**
 * The default menu button. Instead of a URL it may have a t.me link, whose target Telegram does not return (https://core.telegram.org/bots/api#menubuttonwebapp).
 */
function miniAppOf(
  check: string,
  { applicationId }: BotRecord,
  { type, web_app: app }: Answers['getChatMenuButton'],
  origins: readonly string[],
): Finding {
  if (type !== 'web_app') return ok(check, 'its default menu button opens no Mini App');
  const url = app?.url ?? '';
  if (!URL.canParse(url)) return unknown(check, 'its default menu button has no URL that can be read');
  const { origin, hostname } = new URL(url);
  if (hostname === 't.me')
    return note(
      check,
      'its default menu button opens a Mini App by a link of t.me, whose URL Telegram does not say',
      'compare the URL at BotFather with the setting origins',
    );
  if (origins.includes(origin)) return ok(check, `its Mini App at ${origin} may call`);
  return wrong(
    check,
    `its default menu button opens ${origin}, which may not call for application ${applicationId}`,
    `add it to the setting origins (countersign application set ${applicationId} --settings-stdin), or correct the URL at BotFather`,
  );
}

/** @throws Refused; what `fetch` throws, whose message is never printed: it may have the URL, and so the token */
async function call(url: string): Promise<unknown> {
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT) });
  const body = (await response.json().catch(() => ({}))) as Readonly<Record<string, unknown>>;
  const { ok: isOk, result, description } = body;
  if (isOk === true && typeof result === 'object' && result !== null) return result;
  throw new Refused(response.status, typeof description === 'string' ? description : 'no description');
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'another form of URL';
}

function codeOf(error: unknown): string {
  const { name, cause } = error as Error & { cause?: { code?: unknown } };
  return typeof cause?.code === 'string' ? cause.code : name;
}

/** Texts of others reach a terminal. */
function printable(text: string): string {
  return text.replaceAll(/[^ -~]/g, '?').slice(0, 120);
}
