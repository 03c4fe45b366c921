import { createHmac, randomBytes } from 'node:crypto';
import * as crypto from 'node:crypto';
import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { Ajv2020 } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { eventSchemas } from './events-page';

type IsGenuine = (
  headers: Readonly<Record<string, string>>,
  body: Buffer,
  keys: readonly string[],
  now?: number,
) => boolean;

const page = readFileSync('docs/events.md', 'utf8');

/** The first block of a language. */
function blockOf(language: string): string {
  return new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``).exec(page)?.[1] ?? '';
}

const NOW = 1_764_000_001;
const BODY = Buffer.from('{"type":"user.created"}');
const SIGNED = Buffer.concat([Buffer.from(`id-1.${NOW}.`), BODY]);

function headersOf(...signatures: string[]): Readonly<Record<string, string>> {
  return {
    'webhook-id': 'id-1',
    'webhook-timestamp': String(NOW),
    'webhook-signature': signatures.join(' '),
  };
}

describe('the verification of docs/events.md', () => {
  const source = blockOf('js')
    .replace(/^import \{(.*)\} from 'node:crypto';/, 'const {$1} = crypto;')
    .replace('export function', 'function');
  const isGenuine = runInNewContext(`${source}; isGenuine`, { crypto, Buffer }) as IsGenuine;
  const secret = randomBytes(32);
  const hmac = `v1,${createHmac('sha256', secret).update(SIGNED).digest('base64')}`;
  const whsec = `whsec_${secret.toString('base64')}`;

  it('takes what a key of the endpoint signed', () => {
    expect(isGenuine(headersOf(hmac), BODY, [whsec], NOW)).toBe(true);
    expect(isGenuine(headersOf('v2,AAAA', 'v1a,AAAA', hmac), BODY, [whsec], NOW + 299)).toBe(true);
  });

  it.each([
    ['another body', () => isGenuine(headersOf(hmac), Buffer.from('{}'), [whsec], NOW)],
    ['another id', () => isGenuine({ ...headersOf(hmac), 'webhook-id': 'id-2' }, BODY, [whsec], NOW)],
    ['a time long ago', () => isGenuine(headersOf(hmac), BODY, [whsec], NOW + 301)],
    ['a time ahead', () => isGenuine(headersOf(hmac), BODY, [whsec], NOW - 301)],
    ['no time', () => isGenuine({ ...headersOf(hmac), 'webhook-timestamp': '' }, BODY, [whsec])],
    [
      'another secret',
      () => isGenuine(headersOf(hmac), BODY, [`whsec_${randomBytes(32).toString('base64')}`], NOW),
    ],
    [
      'a signature of the other kind',
      () => isGenuine(headersOf(hmac.replace('v1', 'v1a')), BODY, [whsec], NOW),
    ],
    ['a short signature', () => isGenuine(headersOf('v1,AAAA', 'v1a,AAAA', 'v1'), BODY, [whsec], NOW)],
    [
      'no signature',
      () => isGenuine({ 'webhook-id': 'id-1', 'webhook-timestamp': String(NOW) }, BODY, [whsec], NOW),
    ],
  ])('refuses %s', (_, verify) => {
    expect(verify()).toBe(false);
  });
});

describe('docs/events.schema.json', () => {
  const ajv = new Ajv2020({ allErrors: true, strict: true });
  (addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
  const validate = ajv.compile(eventSchemas());
  const example = JSON.parse(/\n(\{\n[^]*?\n\})\n/.exec(blockOf('http'))?.[1] ?? '{}') as {
    readonly data: object;
  };

  it('takes the example of the page, and fields of later versions', () => {
    expect({ isValid: validate(example), errors: validate.errors }).toEqual({ isValid: true, errors: null });
    expect(validate({ ...example, more: 1, data: { ...example.data, more: 1 } })).toBe(true);
  });

  it.each([
    ['another type', { type: 'user.merged' }],
    ['an unknown type', { type: 'user.unknown' }],
    ['another version', { version: 2 }],
    ['no instant', { timestamp: 'today' }],
    ['no number', { sequence: 'seven' }],
    ['no data', { data: {} }],
  ])('refuses %s', (_, other) => {
    expect(validate({ ...example, ...other })).toBe(false);
  });
});
