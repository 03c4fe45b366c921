import { siweMessage, type EvmAddress } from '@countersign/wallet-proofs';
import { decoded, DOMAIN, onEthereum, refusal, STRANGER, WALLET } from '../../testing/decoding';
import type { MessageAct } from '../wallet-act';

const text = (message: string): MessageAct => ({ kind: 'message', message, encoding: 'text' });
const hex = (message: string): MessageAct => ({ kind: 'message', message, encoding: 'hex' });
const hexOf = (message: string): MessageAct => hex(`0x${Buffer.from(message).toString('hex')}`);

function signIn(given: { domain?: string; address?: string; chainId?: number; uri?: string } = {}): string {
  const domain = given.domain ?? DOMAIN;
  return siweMessage({
    ...{ domain, address: (given.address ?? WALLET) as EvmAddress, chainId: given.chainId ?? 1 },
    ...{ uri: given.uri ?? `https://${domain}`, nonce: 'k3jh4k5jh34kjh5k', statement: 'Sign in.' },
    ...{ issuedAt: onEthereum.now, expirationTime: onEthereum.now },
  });
}
const foreign = signIn({ domain: 'bank.example' });

describe('a message', () => {
  it('is signed as the bytes of its text', () => {
    expect(decoded(text('Grüezi\n\t👩‍🚀'))).toMatchObject({
      payload: Buffer.from('Grüezi\n\t👩‍🚀'),
      text: 'Grüezi\n\t👩‍🚀',
      method: null,
      spends: [],
      undecoded: [],
    });
    expect(decoded(hexOf('Grüezi')).digest).toEqual(decoded(text('Grüezi')).digest);
  });

  it('is not quoted by a sentence about it', () => {
    expect(decoded(text('Hello')).summary).toEqual(['Sign the text of a message.']);
  });

  it.each<readonly [string, MessageAct, string]>([
    ['32 bytes', hex(`0x${'ab'.repeat(32)}`), 'digest_refused'],
    ['text of 32 bytes', text('a'.repeat(32)), 'digest_refused'],
    ['text of 32 bytes in fewer characters', text('é'.repeat(16)), 'digest_refused'],
    ['nothing', text(''), 'message_unreadable'],
    ['bytes that are no text', hex('0xff00ff'), 'message_unreadable'],
    ['overlong UTF-8', hex('0xc0af'), 'message_unreadable'],
    ['a prefix of EIP-191', hex('0x1945746865726575'), 'message_unreadable'],
    ['typed data by its bytes', hex(`0x1901${'ab'.repeat(64)}`), 'message_unreadable'],
    ['half a surrogate pair', text('a\ud800'), 'message_unreadable'],
    ['NUL', text('a\0b'), 'message_unreadable'],
    ['a carriage return', text('Pay 1\rPay 9'), 'message_unreadable'],
    ['an escape of terminals', text('\u001b[2K'), 'message_unreadable'],
    ['an override of direction', text('pay \u202eevil'), 'message_unreadable'],
    ['an isolate', text('pay \u2067evil'), 'message_unreadable'],
    ['a zero-width space', text('wa\u200bnts'), 'message_unreadable'],
    ['a word joiner', text('wa\u2060nts'), 'message_unreadable'],
    ['a byte order mark', text('\ufeffHello'), 'message_unreadable'],
    ['text of tags', text(`Hello${String.fromCodePoint(0xe0068, 0xe0069)}`), 'message_unreadable'],
    ['a Hangul filler', text('a\u3164b'), 'message_unreadable'],
    ['a line separator', text('a\u2028b'), 'message_unreadable'],
    ['half a byte', hex('0xa'), 'act_malformed'],
    ['hex without prefix', hex('abcd'), 'act_malformed'],
    ['16 KiB and a byte', text('a'.repeat(16_385)), 'act_too_large'],
    ['16 KiB and a byte as hex', hex(`0x${'61'.repeat(16_385)}`), 'act_too_large'],
  ])('is refused when it is %s', (_, act, code) => {
    expect(refusal(act)).toBe(code);
  });
});

describe('a sign-in', () => {
  it("is signed for the application's own domain", () => {
    expect(decoded(text(signIn()))).toMatchObject({
      domain: DOMAIN,
      method: 'sign-in',
      summary: ['Sign in at app.example.com with this wallet.'],
    });
  });

  it.each<readonly [string, string]>([
    ['another domain', foreign],
    ['a subdomain', signIn({ domain: `evil.${DOMAIN}` })],
    ['the domain with a port', signIn({ domain: `${DOMAIN}:8443` })],
    ['the domain in capitals', signIn({ domain: DOMAIN.toUpperCase(), uri: `https://${DOMAIN}` })],
    ['a user name like the domain', foreign.replaceAll('bank.example', `${DOMAIN}@bank.example`)],
    ['a URI elsewhere', signIn({ uri: 'https://bank.example' })],
    ['another scheme', `http://${signIn()}`],
    ['another wallet', signIn({ address: STRANGER })],
    ['another chain', signIn({ chainId: 137 })],
    ['a domain of homoglyphs', signIn().replaceAll('app.', 'аpp.')],
    ['words of homoglyphs', foreign.replace('wants', 'wаnts')],
    ['words in capitals', foreign.replace('wants you', 'WANTS YOU')],
    ['full-width words', foreign.replace('sign', 'ｓｉｇｎ')],
    ['more spaces', foreign.replace('wants you', 'wants   you')],
    ['spaces that do not break', foreign.replaceAll(' ', '\u00a0')],
    ['joiners between letters', foreign.replace('sign', 's\u200dign')],
    ['a variation selector', foreign.replace('sign', 's\ufe0fign')],
    ['line feeds between words', foreign.replace('wants you', 'wants\nyou')],
    ['text before it', `Hello\n${foreign}`],
    ['text after it', `${foreign}\nThank you`],
    ['a line feed after it', `${signIn()}\n`],
    ['its first line alone', 'bank.example wants you to sign in with your Ethereum account:'],
    ['another chain by CAIP-122', foreign.replace('Ethereum', 'Solana')],
    ['two of them', `${signIn()}\n${foreign}`],
  ])('is refused for %s', (_, message) => {
    expect(refusal(text(message))).toBe('foreign_sign_in');
    expect(refusal(hexOf(message))).toBe('foreign_sign_in');
  });

  it('is refused with the line ends of Windows', () => {
    expect(refusal(text(foreign.replaceAll('\n', '\r\n')))).toBe('message_unreadable');
  });

  it('is refused at Metapro, whose message names no domain', () => {
    const lines = ['Please sign to let us verify', 'that you are the owner of this address', WALLET];

    expect(refusal(text([...lines, '', `Request ID ${'a'.repeat(32)}`].join('\n')))).toBe('foreign_sign_in');
    expect(refusal(text(lines.join(' ').toLowerCase()))).toBe('foreign_sign_in');
  });
});
