import { digestToSign } from '@countersign/wallet-keys';
import { tonProofHash } from '@countersign/wallet-proofs';
import { decoded, DOMAIN, onTon, refusal } from '../../testing/decoding';
import type { TonProofAct } from '../wallet-act';

const proof = (fields: Partial<TonProofAct> = {}): TonProofAct => ({
  kind: 'ton-proof',
  domain: DOMAIN,
  payload: 'nonce',
  ...fields,
});
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
