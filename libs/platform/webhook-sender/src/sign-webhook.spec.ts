import { generateSigningSecret, signingKeyOf, signWebhook } from './sign-webhook';

/** Of the Standard Webhooks libraries, and of the tests of svix-server. */
const AT = new Date(1_614_265_330_999);
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

describe('signatures of webhooks', () => {
  it('are the known ones, of the whole second of the attempt', () => {
    const keys = [signingKeyOf(SECRET)];

    expect(signWebhook('msg_p5jXN8AQM9LWM0D4loKWxJek', AT, '{"test": 2432232314}', keys)).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });
});

describe('secrets of webhooks', () => {
  it('are made with 32 random bytes', () => {
    const [one, other] = [generateSigningSecret(), generateSigningSecret()];

    expect(one).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(other).not.toBe(one);
    expect(signingKeyOf(one).symmetricKeySize).toBe(32);
  });
});
