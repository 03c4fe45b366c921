import { readCheckHeaders } from './check-headers';

const NAME = 'Sec-WebSocket-Protocol';
const TOKEN = 'countersign.token.a';
const PROOF = 'countersign.dpop.p';

describe('headers of a check', () => {
  it.each<[string, string[], object]>([
    ['a token', [NAME, `orders.v1, ${TOKEN}`], { authorization: 'Bearer a', subprotocols: 'orders.v1' }],
    [
      'a token and a proof, in any order and several headers',
      [NAME, `${PROOF},orders.v2`, NAME.toLowerCase(), `${TOKEN} , orders.v1`],
      { authorization: 'DPoP a', dpop: 'p', subprotocols: 'orders.v2, orders.v1' },
    ],
    [
      'a token, beside a proof in a header',
      [NAME, `orders.v1, ${TOKEN}`, 'DPoP', 'p'],
      { authorization: 'DPoP a', dpop: 'p', subprotocols: 'orders.v1' },
    ],
    [
      'none, beside a token in a header',
      ['Authorization', 'Bearer a', NAME, 'orders.v1'],
      { authorization: 'Bearer a', subprotocols: 'orders.v1' },
    ],
    ['a token only', [NAME, TOKEN], { authorization: 'Bearer a', subprotocols: '' }],
    ['nothing', [NAME, ''], { authorization: undefined, subprotocols: '' }],
    [
      'a name that only looks alike',
      [NAME, `Countersign.token.a, countersign.tokens.a`],
      { authorization: undefined, subprotocols: 'Countersign.token.a, countersign.tokens.a' },
    ],
    ['no header at all', ['Host', 'api'], { authorization: undefined, subprotocols: undefined }],
  ])('hold %s', (_, raw, found) => {
    expect(readCheckHeaders(raw)).toMatchObject({ ...found, areCredentialsRepeated: false });
  });

  it.each([
    ['two tokens', [NAME, `orders.v1, ${TOKEN}, ${TOKEN}`]],
    ['two tokens in two headers', [NAME, TOKEN, NAME, `orders.v1, ${TOKEN}`]],
    ['two proofs', [NAME, `orders.v1, ${TOKEN}, ${PROOF}, ${PROOF}`]],
    ['a token besides that of a header', ['Authorization', 'Bearer b', NAME, `orders.v1, ${TOKEN}`]],
    ['a token besides an empty header', ['Authorization', '', NAME, `orders.v1, ${TOKEN}`]],
    ['a proof besides that of a header', [NAME, `orders.v1, ${TOKEN}, ${PROOF}`, 'DPoP', 'q']],
  ])('repeat credentials by %s', (_, raw) => {
    expect(readCheckHeaders(raw).areCredentialsRepeated).toBe(true);
  });

  it('name no request that has two ids, or three', () => {
    const ids = ['x-request-id', 'a', 'x-request-id', 'b', 'X-Request-ID', 'c'];

    expect(readCheckHeaders(ids.slice(0, 2)).requestId).toBe('a');
    expect(readCheckHeaders(ids.slice(0, 4)).requestId).toBeUndefined();
    expect(readCheckHeaders(ids).requestId).toBeUndefined();
  });
});
