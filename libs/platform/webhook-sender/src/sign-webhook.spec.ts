import { createPublicKey, verify } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { signWebhook } from './sign-webhook';
import { generateSigningKeyPair, generateSigningSecret, parseSigningKey } from './signing-keys';

/** Of the Standard Webhooks libraries, and of the tests of svix-server. */
const KNOWN = {
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  attemptedAt: new Date(1_614_265_330_000),
  body: '{"test": 2432232314}',
};
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const PRIVATE_KEY =
  'whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==';
const SIGNED = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';
const SIGNED_BY_KEY =
  'v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==';

function keys(...texts: string[]) {
  return texts.map((text) => {
    const parsed = parseSigningKey(text);
    if (!parsed.ok) throw new Error(parsed.code);
    return parsed.value;
  });
}

describe('signatures of webhooks', () => {
  it('are the known ones, one for each key', () => {
    expect(signWebhook({ ...KNOWN, keys: keys(SECRET) })).toEqual({
      'webhook-id': KNOWN.id,
      'webhook-timestamp': '1614265330',
      'webhook-signature': SIGNED,
    });
    expect(signWebhook({ ...KNOWN, keys: keys(PRIVATE_KEY, SECRET) })['webhook-signature']).toBe(
      `${SIGNED_BY_KEY} ${SIGNED}`,
    );
  });

  it('are accepted by the library of receivers, by both secrets of a rotation', () => {
    const [now, before, foreign] = [1, 2, 3].map(() => generateSigningSecret()) as [string, string, string];
    const body = '{"type":"user.created","data":{"name":"Zoë 🙂"}}';
    const headers = {
      ...signWebhook({ id: 'msg_1', attemptedAt: new Date(), body, keys: keys(now, before) }),
    };

    expect(new Webhook(now).verify(body, headers)).toEqual(JSON.parse(body));
    expect(new Webhook(before).verify(body, headers)).toEqual(JSON.parse(body));
    expect(() => new Webhook(foreign).verify(body, headers)).toThrow('No matching signature');
    expect(() => new Webhook(now).verify(`${body} `, headers)).toThrow('No matching signature');
    expect(() => new Webhook(now).verify(body, { ...headers, 'webhook-id': 'msg_2' })).toThrow(
      'No matching signature',
    );
  });

  it('of a key pair are verified by the public key', () => {
    const pair = generateSigningKeyPair();
    const x = Buffer.from(pair.publicKey.slice('whpk_'.length), 'base64').toString('base64url');
    const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    const headers = signWebhook({ ...KNOWN, keys: keys(pair.privateKey) });
    const signed = Buffer.from(`${KNOWN.id}.1614265330.${KNOWN.body}`);
    const signature = Buffer.from(headers['webhook-signature'].slice('v1a,'.length), 'base64');

    expect(verify(null, signed, publicKey, signature)).toBe(true);
    expect(verify(null, signed.subarray(1), publicKey, signature)).toBe(false);
  });

  it('have the whole second of the attempt', () => {
    const headers = signWebhook({ ...KNOWN, attemptedAt: new Date(1_614_265_330_999), keys: keys(SECRET) });

    expect(headers['webhook-timestamp']).toBe('1614265330');
    expect(headers['webhook-signature']).toBe(SIGNED);
  });

  it.each(['', 'msg.1', 'msg 1', 'msg\n1', 'm'.repeat(101)])('are not made for the id %j', (id) => {
    expect(() => signWebhook({ ...KNOWN, id, keys: keys(SECRET) })).toThrow(RangeError);
  });

  it('are not made without a key', () => {
    expect(() => signWebhook({ ...KNOWN, keys: [] })).toThrow(RangeError);
  });
});
