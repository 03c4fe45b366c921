import type { webcrypto } from 'node:crypto';
import type { Result } from '@countersign/errors';
import {
  isCampaignParameter,
  parseRedirectQuery,
  rapidpaceRefusals,
  readLinkAge,
  recordVerification,
} from '@countersign/rapidpace';
import type { Verification } from '@countersign/signatures';
import {
  findInitDataMistake,
  initDataRefusals,
  initDataVerification,
  loginWidgetRefusals,
  loginWidgetVerification,
  TELEGRAM_KEYS,
  thirdPartyInitDataVerification,
  type LoginWidgetInput,
} from '@countersign/telegram';
import { initDataKeys, isRight, loginWidgetKeys, publicKey, rapidpaceKeys } from '../src/web-crypto';

type Rule = 'form' | 'hash' | 'signature' | 'date' | 'person';

/** What is typed into the page. */
export interface Typed {
  readonly proof: string;
  /** A bot's token, or the secret of Rapidpace; may be empty. */
  readonly secret: string;
  readonly botId: string;
  readonly environment: 'production' | 'test';
  readonly maxAgeSeconds: number;
  readonly now: Date;
}

/** What the page shows of it. */
export interface Explained {
  readonly kind: string;
  readonly rules: readonly { readonly rule: Rule; readonly outcome: 'right' | 'wrong' | 'unknown' }[];
  readonly code: string | null;
  readonly sentences: readonly string[];
  readonly content: object | null;
}

type Texts = Readonly<Record<string, { readonly title: string; readonly remedy?: string }>>;
type Key = webcrypto.CryptoKey | null;

/** Which signatures were checked: those without a key are taken for right, and shown as unknown. */
class Checked {
  readonly unknown = new Set<Rule>();

  async conclude<T, Code extends string>(verification: Verification<Key, T, Code>): Promise<Result<T, Code>> {
    let step = verification.next();
    while (!step.done) {
      const { key, signature, text } = step.value;
      if (key === null) this.unknown.add(signature.length === 64 ? 'signature' : 'hash');
      step = verification.next(key === null || (await isRight({ key, signature, text })));
    }
    return step.value;
  }
}

/** The kinds of proofs that the page knows, with the order of their rules. */
export async function explain(typed: Typed): Promise<Explained> {
  const text = typed.proof.trim();
  if (/x-urm-hmac/i.test(text)) return explainRapidpace(text.replace(/^[^?\s]*\?/, ''), typed);
  const login = loginIn(text);
  return login ? explainLogin(login, typed) : explainInitData(text, typed);
}

/** Login Widget data names its person by `id`, init data by `user`. */
function loginIn(text: string): LoginWidgetInput | null {
  const fragment = /(?:^|[#?&])tgAuthResult=([^&]*)/.exec(text)?.[1];
  if (fragment !== undefined) return { kind: 'tgAuthResult', tgAuthResult: fragment };
  if (/^\s*\{/.test(text) && text.includes('"id"') && text.includes('"hash"') && !text.includes('"user"')) {
    try {
      return { kind: 'object', data: JSON.parse(text) as unknown };
    } catch {
      return null;
    }
  }
  const query = text.replace(/^[^?\s]*\?/, '');
  return /(?:^|&)id=/.test(query) && !/(?:^|&)user=/.test(query) ? { kind: 'query', query } : null;
}

async function explainInitData(text: string, typed: Typed): Promise<Explained> {
  const checked = new Checked();
  const { secret, botId, environment } = typed;
  const key = /^\d+$/.test(botId) ? await publicKey(TELEGRAM_KEYS[environment]) : null;
  const isSigned = /(?:^|&)signature=[^&]/.test(text);
  const hmacKeys: readonly Key[] = secret === '' ? [null] : await initDataKeys(secret);
  // Who has the bot's id alone checks what Telegram signed.
  const verification: Verification<Key, { readonly initData: object }, keyof typeof initDataRefusals> =
    secret === '' && key && isSigned
      ? thirdPartyInitDataVerification<Key>(text, { ...typed, publicKey: key })
      : initDataVerification<Key>(text, {
          ...typed,
          hmacKeys,
          signature: isSigned ? { botId, publicKey: key, policy: 'optional' } : null,
        });
  const result = await checked.conclude(verification);
  if (secret === '') checked.unknown.add('hash');
  const rules: Rule[] = ['form', 'hash', ...(isSigned ? (['signature'] as const) : []), 'date', 'person'];
  const mistake = result.ok ? null : findInitDataMistake(text);
  return explained('Init data of a Mini App', rules, checked, initDataRefusals, result, {
    content: result.ok ? result.value.initData : null,
    ...(mistake ? { mistake: `The text ${mistake.detail}.` } : {}),
  });
}

async function explainLogin(login: LoginWidgetInput, typed: Typed): Promise<Explained> {
  const checked = new Checked();
  const keys: readonly Key[] = typed.secret === '' ? [null] : await loginWidgetKeys(typed.secret);
  const result = await checked.conclude(loginWidgetVerification<Key>(login, { ...typed, keys }));
  const content = result.ok ? { authDate: result.value.authDate, user: result.value.user } : null;
  const rules: Rule[] = ['form', 'hash', 'date', 'person'];
  return explained('Login Widget data', rules, checked, loginWidgetRefusals, result, { content });
}

async function explainRapidpace(query: string, typed: Typed): Promise<Explained> {
  const checked = new Checked();
  const show = (
    result: Result<object | null, keyof typeof rapidpaceRefusals>,
    content: object | null = null,
  ) =>
    explained('A Rapidpace link', ['form', 'person', 'hash', 'date'], checked, rapidpaceRefusals, result, {
      content,
    });
  const read = parseRedirectQuery(query);
  if (!read.ok) return show(read);
  const keys: readonly Key[] = typed.secret === '' ? [null] : await rapidpaceKeys(typed.secret);
  const { record, hmac } = read.value;
  const player = await checked.conclude(recordVerification<Key>(record, hmac, keys, isCampaignParameter));
  if (!player.ok) return show(player);
  const age = readLinkAge(player.value.authDate, { ...typed, undated: 'refuse' });
  const { canonical: _, signature: __, ...content } = player.value;
  return show(age, content);
}

function explained(
  kind: string,
  rules: readonly Rule[],
  { unknown }: Checked,
  texts: Texts,
  result: Result<unknown, string>,
  { content, mistake }: { readonly content: object | null; readonly mistake?: string },
): Explained {
  const failed = result.ok ? rules.length : rules.indexOf(ruleOf(result.code));
  const { title, remedy } = (result.ok ? undefined : texts[result.code]) ?? {};
  return {
    kind,
    rules: rules.map((rule, index) => ({
      rule,
      outcome: index === failed ? 'wrong' : index > failed || unknown.has(rule) ? 'unknown' : 'right',
    })),
    code: result.ok ? null : result.code,
    sentences: [title, mistake ?? remedy].filter((each) => each !== undefined),
    content,
  };
}

/** The part of a proof that a code is about. */
function ruleOf(code: string): Rule {
  if (/\.(?:hash|hmac)_/.test(code)) return 'hash';
  if (code.includes('.signature_')) return 'signature';
  if (/auth_date|link_|undated/.test(code)) return 'date';
  return /user|_id_|name|language|start_param|ambiguous/.test(code) && !code.includes('field_name')
    ? 'person'
    : 'form';
}
