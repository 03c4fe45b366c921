import { digestToSign } from '@countersign/wallet-keys';
import { tonProofHash } from '@countersign/wallet-proofs';
import { Address, beginCell } from '@ton/core';
import { mnemonicToPrivateKey, sign } from '@ton/crypto';
import { allowing, decoded, DOMAIN, onTon, refusal } from '../../testing/decoding';
import type { ActContext, TonDataAct, TonProofAct } from '../wallet-act';

const data = (fields: Readonly<Record<string, unknown>>, domain = DOMAIN): TonDataAct => ({
  kind: 'ton-data',
  domain,
  data: fields,
});
const proof = (fields: Partial<TonProofAct> = {}): TonProofAct => ({
  kind: 'ton-proof',
  domain: DOMAIN,
  payload: 'nonce',
  ...fields,
});
const hello = {
  type: 'cell',
  schema: 'message#_ text:string = Message;',
  cell: 'te6cckEBAQEAEQAAHgAAAABIZWxsbywgVE9OIb7WCx4=',
};

describe('ton_proof', () => {
  it('is what a verifier expects', () => {
    const act = decoded(proof(), onTon);
    const address = { raw: onTon.address, workchain: 0, hash: Buffer.alloc(32, 0xab), isTest: null } as const;
    const timestamp = onTon.now.getTime() / 1000;

    expect(digestToSign(act.signingKind, act.payload, onTon.now)).toEqual(
      tonProofHash({ address, domain: DOMAIN, timestamp, payload: 'nonce' }),
    );
    expect(act).toMatchObject({ domain: DOMAIN, method: 'sign-in', spends: [], undecoded: [] });
  });

  it('shows its payload as text, and in hex where a person cannot read it', () => {
    expect(decoded(proof(), onTon)).toMatchObject({
      text: 'nonce',
      summary: [`Prove at ${DOMAIN} that this wallet is yours.`],
    });
    for (const payload of ['pay \u202e7', 'a\u0000', ''])
      expect(decoded(proof({ payload }), onTon)).toMatchObject({
        text: Buffer.from(payload).toString('hex'),
        summary: [expect.any(String), 'What the site added is no readable text: it is shown in hexadecimal.'],
      });
  });

  it.each<readonly [string, Partial<TonProofAct>, string]>([
    ['another domain', { domain: 'bank.example' }, 'foreign_domain'],
    ['the domain in capitals', { domain: DOMAIN.toUpperCase() }, 'foreign_domain'],
    ['a domain with a dot after it', { domain: `${DOMAIN}.` }, 'foreign_domain'],
    ['a domain of homoglyphs', { domain: DOMAIN.replace('a', 'а') }, 'foreign_domain'],
    ['no domain', { domain: '' }, 'foreign_domain'],
    ['a payload without UTF-8', { payload: '\ud800' }, 'act_malformed'],
    ['a long payload', { payload: 'é'.repeat(1025) }, 'act_too_large'],
  ])('is refused for %s', (_, fields, code) => {
    expect(refusal(proof(fields), onTon)).toBe(code);
  });
});

describe('signData', () => {
  // Signatures of the reference: github.com/mois-ilya/ton-sign-data-reference, src/__tests__/sign.test.ts.
  const words =
    'unfold item school little upper surge pride endorse outer filter biology prefer regular island hidden dice nuclear grace motor entire weird between falcon dwarf';
  const ofReference: ActContext = {
    ...onTon,
    address: Address.parse('UQCyqTmXJpshFu1GW1tyTX6paa3c-37OG9s3uv8ZzX_9GDfx').toRawString(),
    domains: ['example.com'],
    now: new Date(1703980800 * 1000),
  };
  const allowed = [
    { contract: null, method: 'binary' },
    { contract: null, method: 'cell:2eccd0c1' },
  ];

  it.each([
    [
      { type: 'text', text: 'Hello, TON!' },
      '/34cktAUdWpCVgUfyXQlFtINRhdC9DRlshhMtOx1I9G2TDLV20xrHPxp9fvifz3EHZthCnSHN/IVF8zw7twNCw==',
    ],
    [
      { type: 'binary', bytes: 'SGVsbG8sIFRPTiE=' },
      'R7vQ6Zj2CYXJAa+ldLWgwPbJyR/58XrQV3HDw4yuqSYmR8PcoBpt5h1DOLX0LgxjOE3tieuwsDP6WwnCDkAECg==',
    ],
    [hello, 'xULn8inA8A1qhFEFK8jpY+UEq7dHlpA/tm8LkxBBzRkZjTrni31H1p5Q+XMTS4I7HWsyC0i82teVdwc02lg4AQ=='],
  ])('has the digest that the reference signs: $type', async (fields, signature) => {
    const { signingKind, payload } = decoded(data(fields, 'example.com'), allowing(allowed, ofReference));
    const { secretKey } = await mnemonicToPrivateKey(words.split(' '));

    const digest = digestToSign(signingKind, payload, onTon.now) ?? Buffer.alloc(0);
    expect(sign(digest, secretKey).toString('base64')).toBe(signature);
  });

  it('tells text, and the schema of a cell by its checksum', () => {
    expect(decoded(data({ type: 'text', text: 'Hello' }), onTon)).toMatchObject({
      text: 'Hello',
      method: 'text',
      undecoded: [],
      summary: ['Sign the text of a message for app.example.com.'],
    });
    expect(decoded(data(hello), allowing(allowed, onTon))).toMatchObject({
      text: null,
      method: 'cell:2eccd0c1',
      undecoded: [{ contract: null, method: 'cell:2eccd0c1' }],
      summary: ['Sign data for app.example.com.', 'Do cell:2eccd0c1. What that means is not decoded.'],
    });
  });

  it('is signed for this wallet and network, where it names them', () => {
    const from = Address.parseRaw(onTon.address);
    const fields = { type: 'text', text: 'Hello', network: '-239' };

    expect(refusal(data({ ...fields, from: onTon.address }), onTon)).toBeNull();
    expect(refusal(data({ ...fields, from: from.toString({ bounceable: false }) }), onTon)).toBeNull();
  });

  it.each<readonly [string, Readonly<Record<string, unknown>>, string]>([
    ['bytes that are not allowed', { type: 'binary', bytes: 'AQID' }, 'act_undecoded'],
    ['a cell that is not allowed', hello, 'act_undecoded'],
    ['another wallet', { type: 'text', text: 'a', from: `0:${'cd'.repeat(32)}` }, 'signer_mismatch'],
    ['another network', { type: 'text', text: 'a', network: '-3' }, 'chain_mismatch'],
    ['a network as a number', { type: 'text', text: 'a', network: -239 }, 'chain_mismatch'],
    ['text that is not readable', { type: 'text', text: 'pay \u202e' }, 'message_unreadable'],
    ['no text', { type: 'text', text: '' }, 'message_unreadable'],
    ['long text', { type: 'text', text: 'a'.repeat(32_769) }, 'act_too_large'],
    ['another type', { type: 'json', text: 'a' }, 'act_malformed'],
    ['text and bytes', { type: 'text', text: 'a', bytes: 'AQID' }, 'act_malformed'],
    ['another field', { type: 'text', text: 'a', schema_crc: 1 }, 'act_malformed'],
    ['bytes in the URL-safe alphabet', { type: 'binary', bytes: '-_-_' }, 'act_malformed'],
    ['bytes without padding', { type: 'binary', bytes: 'AQ' }, 'act_malformed'],
    ['a cell without schema', { type: 'cell', cell: hello.cell }, 'act_malformed'],
    ['a cell that is none', { ...hello, cell: 'te6ccgEB' }, 'act_malformed'],
    ['bytes after a cell', { ...hello, cell: `${hello.cell.slice(0, -1)}AAAA` }, 'act_malformed'],
    ['a long schema', { ...hello, schema: 'a'.repeat(8_193) }, 'act_too_large'],
  ])('is refused for %s', (_, fields, code) => {
    expect(refusal(data(fields), onTon)).toBe(code);
  });

  it('has a cell of bounded depth', () => {
    const deep = (depth: number): string => {
      let cell = beginCell().endCell();
      for (let at = 1; at < depth; at += 1) cell = beginCell().storeRef(cell).endCell();
      return cell.toBoc().toString('base64');
    };

    expect(refusal(data({ ...hello, cell: deep(512) }), allowing(allowed, onTon))).toBeNull();
    expect(refusal(data({ ...hello, cell: deep(513) }), allowing(allowed, onTon))).toBe('act_malformed');
  });

  it('is refused for a domain of another application, even for text', () => {
    expect(refusal(data({ type: 'text', text: 'Hello' }, 'bank.example'), onTon)).toBe('foreign_domain');
  });

  it('has a cell for domains that the DNS of TON can write', () => {
    const long = `${'a'.repeat(121)}.com`;
    const codes = [long, `a${long}`, 'a..b', '.com', 'a b.com'].map((domain) =>
      refusal(data(hello, domain), allowing(allowed, { ...onTon, domains: [domain] })),
    );

    expect(codes).toEqual([null, ...Array<string>(4).fill('act_malformed')]);
  });

  it('has no bytes that are those of a transfer or of another kind', () => {
    const signed = beginCell().storeUint(0x7369676e, 32).endCell().toBoc().toString('base64');
    const act = decoded(
      data({ ...hello, cell: signed }),
      allowing([{ contract: null, method: 'cell:2eccd0c1' }], onTon),
    );

    expect(digestToSign('ton-data', act.payload, onTon.now)).not.toBeNull();
    expect(digestToSign('ton-transaction', act.payload, onTon.now)).toBeNull();
    expect(digestToSign('ton-proof', act.payload, onTon.now)).toBeNull();
  });
});
