import { signWebhook } from './sign-webhook';
import { parseSigningKey } from './signing-keys';

/** Of the Standard Webhooks libraries, and of the tests of svix-server. */
const KNOWN = {
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  attemptedAt: new Date(1_614_265_330_999),
  body: '{"test": 2432232314}',
};
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const SIGNED = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';

function keys(...texts: string[]) {
  return texts.map((text) => {
    const parsed = parseSigningKey(text);
    if (!parsed.ok) throw new Error(parsed.code);
    return parsed.value;
  });
}

describe('signatures of webhooks', () => {
  it('are the known ones, of the whole second of the attempt', () => {
    expect(signWebhook({ ...KNOWN, keys: keys(SECRET) })).toEqual({
      'webhook-id': KNOWN.id,
      'webhook-timestamp': '1614265330',
      'webhook-signature': SIGNED,
    });
  });

  it.each(['', 'msg.1', 'msg 1', 'msg\n1', 'm'.repeat(101)])('are not made for the id %j', (id) => {
    expect(() => signWebhook({ ...KNOWN, id, keys: keys(SECRET) })).toThrow(RangeError);
  });

  it('are not made without a key', () => {
    expect(() => signWebhook({ ...KNOWN, keys: [] })).toThrow(RangeError);
  });
});
