import { readCall } from './calls';
import { encodeFrame, FrameError, FrameReader, MAX_BODY_BYTES } from './frames';

const [callId, walletId] = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002'];
const empty = Buffer.alloc(0);

function raw(length: number, headerLength: number, rest: string): Buffer {
  const lengths = Buffer.alloc(6);
  lengths.writeUInt32BE(length);
  lengths.writeUInt16BE(headerLength, 4);
  return Buffer.concat([lengths, Buffer.from(rest)]);
}

describe('a frame', () => {
  it.each([0, 1, MAX_BODY_BYTES])('is read as it was written, with %d bytes, in any pieces', (length) => {
    const [header, body] = [{ call: 'sign' }, Buffer.alloc(length, 7)];
    const whole = encodeFrame(header, body);

    expect(new FrameReader().push(whole)).toEqual({ header, body });
    const reader = new FrameReader();
    for (const [from, to] of [
      [0, 1],
      [1, 5],
      [5, 6],
      [6, 7],
    ] as const)
      expect(reader.push(whole.subarray(from, to))).toBeNull();
    expect(reader.push(whole.subarray(7))).toEqual({ header, body });
  });

  it.each([
    ['a length of gigabytes', raw(0xffff_ffff, 2, '{}')],
    ['a header longer than the frame', raw(4, 3, '{}')],
    ['a header that is too long', raw(60_000, 50_000, '{')],
    ['a frame behind the frame', Buffer.concat([encodeFrame({}, empty), Buffer.of(0)])],
    ['what is not JSON', raw(4, 2, '{]')],
    ['a body that is too long', raw(2 + 2 + MAX_BODY_BYTES + 1, 2, `{}${'a'.repeat(MAX_BODY_BYTES + 1)}`)],
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
  ])('is refused for %s', (_, bytes) => {
    expect(() => new FrameReader().push(bytes)).toThrow(FrameError);
  });

  it('is not written for a body that is too long', () => {
    expect(() => encodeFrame({}, Buffer.alloc(MAX_BODY_BYTES + 1))).toThrow(FrameError);
  });
});

describe('a call', () => {
  it.each([
    { call: 'create', callId, walletId, environment: 'test' },
    { call: 'describe', walletId },
    { call: 'ask-for', callId, walletId, kind: 'export', application: 'A game', session: callId, to: null },
    { call: 'destroy', callId, walletId },
    { call: 'freeze', callId, walletId },
    { call: 'brake', callId, reason: 'api taken' },
    { call: 'health' },
  ])('is read: $call', (header) => {
    expect(readCall({ header, body: empty })).toEqual(header);
  });

  const signing = { chain: 'eip155:1', address: '0x', at: 1 };
  const act = { kind: 'message', message: 'hello', encoding: 'text' };

  const toSign = { call: 'sign', callId, walletId, ...signing, consent: null };

  it('to sign has an act', () => {
    const header = toSign;
    expect(readCall({ header, body: Buffer.from(JSON.stringify(act)) })).toEqual({ ...header, act });
  });

  it.each([
    ['no JSON', 'hello'],
    ['no object', 'null'],
    ['an unknown kind', JSON.stringify({ ...act, kind: 'hash' })],
    ['a kind of the prototype', JSON.stringify({ ...act, kind: 'toString' })],
    ['a field of another type', JSON.stringify({ ...act, message: 1 })],
    ['an unknown field', JSON.stringify({ ...act, digest: '00' })],
    ['a field that is missing', JSON.stringify({ kind: 'message', message: 'hello' })],
  ])('is refused with an act of %s', (_, body) => {
    expect(readCall({ header: toSign, body: Buffer.from(body) })).toBeNull();
  });

  it.each<readonly [string, object | null]>([
    ['no object', null],
    ['a list', []],
    ['an unknown call', { call: 'sign-hash', callId, walletId }],
    ['a call of the prototype', { call: 'constructor' }],
    ['an unknown field', { call: 'health', walletId }],
    ['no id of the call', { call: 'destroy', walletId }],
    ['a consent of the API to itself', { call: 'accept', consent: '00'.repeat(32) }],
    [
      'a signature as a thing to ask for',
      { call: 'ask-for', callId, walletId, kind: 'sign', application: '', session: callId, to: null },
    ],
    [
      'a way out to nowhere',
      {
        call: 'ask-for',
        callId,
        walletId,
        kind: 'way-out',
        application: '',
        session: callId,
        to: { evm: 1, ton: null },
      },
    ],
    ['another environment', { call: 'create', callId, walletId, environment: 'both' }],
    ['an id in capitals', { call: 'describe', walletId: walletId.replace('8', 'A') }],
    ['an id with a statement', { call: 'describe', walletId: "' OR true --" }],
    ['an id that is a list', { call: 'describe', walletId: [walletId] }],
    ['no act', toSign],
    ...['', 'a'.repeat(65), 'line\nbreak', 'ü', 7].map(
      (reason) => [`the reason ${reason}`, { call: 'brake', callId, reason }] as [string, object],
    ),
    ['an instant that is text', { ...toSign, at: '1' }],
  ])('is refused for %s', (_, header) => {
    expect(readCall({ header, body: empty })).toBeNull();
  });

  it('is refused with a body that it does not take', () => {
    expect(readCall({ header: { call: 'describe', walletId }, body: Buffer.of(1) })).toBeNull();
  });
});
