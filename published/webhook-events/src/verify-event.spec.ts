import { createHmac } from 'node:crypto';
import { verifyEvent, WebhookVerificationError } from '.';

/** Of the Standard Webhooks libraries, and of the tests of svix-server. */
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const KNOWN = {
  'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  'webhook-timestamp': '1614265330',
  'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
};
const OTHER = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';
const EVENT = {
  type: 'session.opened',
  version: 1,
  sequence: 7,
  timestamp: '2025-11-24T16:00:00.000Z',
  data: { userId: 'a', sessionId: 'b', applicationId: 'c', identityId: 'd', assurance: 'platform' },
};

function signed(text: string | Buffer, secret = SECRET, ageSeconds = 0): Record<string, string> {
  const timestamp = String(Math.floor(Date.now() / 1000) - ageSeconds);
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const signature = createHmac('sha256', key).update(`id-1.${timestamp}.`).update(text).digest('base64');
  return { 'webhook-id': 'id-1', 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}

const text = JSON.stringify(EVENT);

beforeAll(() => {
  jest.useFakeTimers({ now: new Date('2025-11-24T16:00:01.000Z') });
});

afterAll(() => {
  jest.useRealTimers();
});

describe('an event', () => {
  it('is read from text and bytes, with headers of Node and of fetch', () => {
    const headers = signed(text);
    const expected = { id: 'id-1', ...EVENT };

    expect(verifyEvent(text, headers, [SECRET])).toEqual(expected);
    expect(verifyEvent(Buffer.from(text), { ...headers, cookie: ['a'] }, [SECRET])).toEqual(expected);
    expect(verifyEvent(new TextEncoder().encode(text), new Headers(headers), [SECRET])).toEqual(expected);
  });

  it('is signed by any of the secrets, and among other signatures', () => {
    const headers = signed(text);
    const among = { ...headers, 'webhook-signature': `v1a,AAAA v1,BBBB ${headers['webhook-signature']}` };

    expect(verifyEvent(text, among, [OTHER, SECRET])).toMatchObject({ type: 'session.opened' });
  });

  it('has the fields of its type', () => {
    const event = verifyEvent(text, signed(text), [SECRET]);

    if (event.type !== 'session.opened') throw new Error(event.type);
    const door: string | undefined = event.data.door;
    // @ts-expect-error -- of another type
    expect([event.data.assurance, door, event.data.status]).toEqual(['platform', undefined, undefined]);
  });

  it.each([
    ['type', { ...EVENT, type: 'moon.landed' }, 'moon.landed'],
    ['version', { ...EVENT, version: 2 }, 'session.opened'],
    ['type that an object has', { ...EVENT, type: 'constructor' }, 'constructor'],
  ])('of a later %s is unknown', (_, body, sentType) => {
    const later = JSON.stringify(body);

    expect(verifyEvent(later, signed(later), [SECRET])).toEqual({
      ...body,
      id: 'id-1',
      type: 'unknown',
      sentType,
    });
  });
});

describe('a request is refused', () => {
  const refused = (body: string | Uint8Array, of: object, secrets = [SECRET]) =>
    expect(() => verifyEvent(body, of as Record<string, string>, secrets)).toThrow(WebhookVerificationError);

  it('by another secret', () => refused(text, signed(text), [OTHER]));
  it('with another body', () => refused(`${text} `, signed(text)));
  it('that is old', () => refused(text, signed(text, SECRET, 301)));
  it('of the future', () => refused(text, signed(text, SECRET, -301)));
  it('from the known vector, which is of 2021', () => refused('{"test": 2432232314}', KNOWN));
  it('without headers', () => refused(text, {}));

  it('with words behind its time', () => {
    const headers = signed(text);
    refused(text, { ...headers, 'webhook-timestamp': `${headers['webhook-timestamp']}x` });
  });

  it.each([
    ['with another id', { 'webhook-id': 'id-2' }],
    ['with a header that came twice', { 'webhook-id': ['id-1', 'id-1'] }],
    ['without a signature of this kind', { 'webhook-signature': 'v1a,AAAA' }],
    ['with a version alone', { 'webhook-signature': 'v1' }],
    ['with an empty signature', { 'webhook-signature': 'v1,' }],
  ])('%s', (_, of) => refused(text, { ...signed(text), ...of }));

  it.each([
    '',
    'null',
    '[]',
    '{}',
    '{"type":"session.opened"}',
    '{"type":1,"version":1,"timestamp":"","data":{}}',
    '{',
  ])('where its signed body is %j', (body) => refused(body, signed(body)));

  it('where its signed bytes are not UTF-8', () => {
    const bytes = Buffer.concat([Buffer.from('{"type":"'), Buffer.from([0xff]), Buffer.from('"}')]);
    refused(bytes, signed(bytes));
  });

  it.each([
    [[]],
    [['']],
    [['whpk_AAAA']],
    [['MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw']],
    [[SECRET, 'whsec_']],
    [['whsec_A']],
    [[`${SECRET}=A`]],
  ])('with a TypeError where the secrets are %j', (secrets) =>
    expect(() => verifyEvent(text, signed(text), secrets)).toThrow(TypeError),
  );

  it('for its body alone, at the time of the known vector', () => {
    jest.useFakeTimers({ now: 1_614_265_330_000 });
    try {
      expect(() => verifyEvent('{"test": 2432232314}', KNOWN, [SECRET])).toThrow('The body is no event');
    } finally {
      jest.useRealTimers();
    }
  });
});
