import { formDecoded } from '@countersign/text';

/** The usual mistakes of callers with init data, and what is said of each. Found in refused text alone, without a key. */
export const initDataMistakes = {
  whole_fragment:
    'is the whole fragment of the launch: take `tgWebAppData` out of it and decode it once, or send `Telegram.WebApp.initData`',
  json: 'is a JSON object, such as `initDataUnsafe`: send the text of `Telegram.WebApp.initData`',
  encoded_twice: 'is percent-encoded once too often: send `Telegram.WebApp.initData` as it is',
  leading_character: 'begins with `?` or `#`: send what follows',
  foreign_field: 'has a field that no launch has: add nothing to the text of `initData`',
  rewritten_user:
    'has a `user` that is not written as Telegram writes it: a library has parsed it and written it anew, so send the text that Telegram gave',
} as const;

interface InitDataMistake {
  readonly code: keyof typeof initDataMistakes;
  readonly detail: string;
}

const KNOWN_FIELDS = new Set([
  'auth_date',
  'can_send_after',
  'chat',
  'chat_instance',
  'chat_type',
  'hash',
  'query_id',
  'receiver',
  'signature',
  'start_param',
  'user',
]);

/** Other names may be a secret in the wrong place. */
const TELLABLE_NAME = /^[A-Za-z_]{1,24}$/;

/** The mistake that explains why init data was refused; `null` when it looks like none of them. */
export function findInitDataMistake(raw: string): InitDataMistake | null {
  if (/(^|[?#&])tgWebAppData(=|%3D)/i.test(raw)) return mistake('whole_fragment');
  if (/^\s*\{/.test(raw)) return mistake('json');
  if (/^[^=&]*%(?:25)*3D[^=&]*$/i.test(raw) || /(^|&)user=%(?:25)+7B/i.test(raw))
    return mistake('encoded_twice');
  if (/^[?#]/.test(raw)) return mistake('leading_character');
  const pairs = raw.split('&');
  if (pairs.some((pair) => !pair.includes('='))) return null;
  const foreign = pairs
    .map((pair) => pair.split('=', 1)[0] ?? '')
    .find((name) => !KNOWN_FIELDS.has(formDecoded(name) ?? ''));
  if (foreign !== undefined) return mistake('foreign_field', foreign);
  const user = /(?:^|&)user=([^&]*)/.exec(raw)?.[1];
  return user !== undefined && isRewritten(formDecoded(user) ?? '') ? mistake('rewritten_user') : null;
}

function mistake(code: InitDataMistake['code'], name = ''): InitDataMistake {
  const named = TELLABLE_NAME.test(name) ? `: \`${name}\`` : '';
  return { code, detail: `${initDataMistakes[code]}${named}` };
}

/** Telegram writes `id` first, no spaces between members, no `null`, and slashes as `\/`. */
function isRewritten(json: string): boolean {
  const outside = json.replaceAll(/"(?:[^"\\]|\\[\s\S]?)*(?:"|$)/g, '""');
  return !/^\{"id":\d/.test(json) || /[\s]|null/.test(outside) || /"photo_url":"https?:\/\//.test(json);
}
