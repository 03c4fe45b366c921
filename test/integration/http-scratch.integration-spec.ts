import { connect } from 'node:net';
import { writeFileSync } from 'node:fs';
import { TestApp, type Demo } from '../support/test-app';

function raw(port: number, text: string | Buffer, wait = 400): Promise<string> {
  return new Promise((resolve) => {
    const s = connect(port, '127.0.0.1');
    let out = '';
    s.on('data', (d) => (out += d.toString('latin1')));
    s.on('error', (e) => (out += `<<${e.message}>>`));
    s.on('close', () => resolve(out + '<<closed>>'));
    s.write(text);
    setTimeout(() => { resolve(out); s.destroy(); }, wait);
  });
}

describe('scratch', () => {
  let app: TestApp;
  let demo: Demo;
  const lines: string[] = [];
  const log = (...a: unknown[]) => lines.push(a.map((x) => typeof x === 'string' ? x : JSON.stringify(x)).join(' '));
  beforeAll(async () => {
    app = await TestApp.start();
    demo = await app.createApplication({ origins: ['https://app.example.com'] });
  });
  afterAll(async () => { writeFileSync('/tmp/scratch-out.txt', lines.join('\n')); await app.close(); });
  const show = (name: string, a: any) => log('##', name, a.status, a.headers['content-type'] ?? '-', a.headers['cache-control'] ?? '-', a.headers['x-request-id'] ?? 'NOID', JSON.stringify(a.body).slice(0, 300), 'allow=' + a.headers['allow'], 'text=' + (a.text ?? '').slice(0, 60));
  it('probes', async () => {
    const me = await app.signIn(demo);
    const P = '/v1/auth/telegram/init-data';
    for (const [m, u] of [['get', '/nope'], ['get', '/'], ['post', '/v1/me'], ['put', P], ['get', P], ['head', '/v1/me'], ['head', P], ['head','/health/live'],['options', P], ['options', '/nope'], ['trace', '/v1/me'], ['get', '/v1/me/'], ['get', '/V1/ME'], ['get', '//v1/me'], ['get', '/v1/me?x=1'], ['get','/docs'], ['get','/docs/'], ['get','/docs/nothing.js'],['post','/docs'],['get','/openapi/public.json'],['get','/docs-json'],['get','/docs/swagger-ui-init.js'],['get', '/%zz'], ['get', '/v1/me/sessions/%00'], ['delete', '/v1/me/sessions/%00'], ['delete', '/v1/me/sessions/%zz'], ['delete', '/v1/me/sessions/' + 'a'.repeat(300)], ['delete','/v1/me/sessions/%2e%2e%2fx'],['get', '/docs/..%2f..%2fpackage.json'],['get','/docs/%00'],['delete', '/docs/index.html'],['search','/v1/me'],['propfind','/v1/me'],['query', '/v1/me']] as const)
      try { show(`${m} ${u.slice(0,60)}`, await (app.http as any)[m](u).set('authorization', 'Bearer ' + me.accessToken)); } catch (e) { log('##', m, u, 'THROW', String(e)); }
    const bodies: [string, string, string | Buffer | undefined][] = [
      ['json', 'application/json', '{"a":1}'], ['empty json', 'application/json', ''], ['array', 'application/json', '[]'], ['null', 'application/json', 'null'], ['number', 'application/json', '1'], ['string', 'application/json', '"x"'], ['bad', 'application/json', '{'], ['utf8', 'application/json', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
      ['nul', 'application/json', '{"applicationId":"a\\u0000","initData":"x"}'], ['rawctl', 'application/json', '{"initData":"a\u0001"}'], ['sur', 'application/json', '{"initData":"\\ud800","applicationId":"x"}'], ['proto', 'application/json', '{"__proto__":{"x":1}}'], ['ctor', 'application/json', '{"constructor":{"prototype":{"x":1}}}'], ['ctor2', 'application/json', '{"constructor":1}'],['toString', 'application/json', '{"toString":1}'],['hasOwn', 'application/json', '{"hasOwnProperty":1,"valueOf":2, "then":1,"toJSON":1, "length": 1}'],
      ['deep arr', 'application/json', '['.repeat(30000) + ']'.repeat(30000)], ['deep unclosed', 'application/json', '['.repeat(60000)], ['deep obj', 'application/json', '{"a":'.repeat(9000) + '1' + '}'.repeat(9000)], ['deep in field', 'application/json', '{"initData":' + '['.repeat(30000) + ']'.repeat(30000) + '}'], ['deep in unknown', 'application/json', '{"foo":' + '['.repeat(30000) + ']'.repeat(30000) + '}'], ['deep obj in unknown', 'application/json', '{"applicationId":' + '{"a":'.repeat(9000) + '1' + '}'.repeat(9000) + '}'],['deep in ctor', 'application/json', '{"constructor":' + '['.repeat(30000) + ']'.repeat(30000) + '}'],
      ['dup', 'application/json', `{"applicationId":"${demo.applicationId}","applicationId":"x","initData":"hash=1"}`], ['many unknown', 'application/json', JSON.stringify(Object.fromEntries(Array.from({ length: 3000 }, (_, i) => ['k' + i, 1])))], ['BOM', 'application/json', '\ufeff{}'], ['latin1', 'application/json;charset=latin1', '{"a":"\u00e9"}'], ['utf-8 cs', 'application/json; charset=UTF-8', '{}'], ['utf-16', 'application/json; charset=utf-16', '{}'], ['text', 'text/plain', '{}'], ['form', 'application/x-www-form-urlencoded', 'a=1'], ['multipart', 'multipart/form-data; boundary=x', '--x--'], ['jsonx', 'application/jsonx', '{}'], ['problem', 'application/merge-patch+json', '{}'], ['garbage ct', 'garbage', '{}'], ['JSON upper', 'APPLICATION/JSON', '{}'], ['big', 'application/json', '"' + 'a'.repeat(70000) + '"'], ['exact', 'application/json', '"' + 'a'.repeat(65534) + '"'], ['wrong types', 'application/json', '{"applicationId":1,"initData":{},"botId":[],"deviceName":true}'], ['long dev', 'application/json', JSON.stringify({ applicationId: demo.applicationId, initData: 'x', deviceName: 'a'.repeat(101) })], ['nulls', 'application/json', '{"applicationId":null,"initData":null,"deviceName":null}'], ['longkey','application/json', JSON.stringify({['a'.repeat(60000)]:1})], ['initData 9k','application/json', JSON.stringify({applicationId: demo.applicationId, initData:'a'.repeat(9000)})],
      ['bigint','application/json','{"applicationId":1e999}'],
    ];
    for (const [n, ct, b] of bodies) {
      try { show(n, await app.http.post(P).set('content-type', ct).serialize((x: any) => x).send(b as any)); } catch (e) { log('##', n, 'THROW', String(e)); }
    }
    show('refresh extra', await app.http.post('/v1/auth/refresh').send({ refreshToken: 'x', y: 1 }));
    show('refresh nothing', await app.http.post('/v1/auth/refresh'));
    show('refresh arr', await app.http.post('/v1/auth/refresh').send([]));
    show('refresh arr2', await app.http.post('/v1/auth/refresh').send([{refreshToken:'x'}]));
    show('refresh ctor', await app.http.post('/v1/auth/refresh').set('content-type','application/json').send('{"constructor":{"name":"x"}, "refreshToken":"x"}'));
    show('refresh deep', await app.http.post('/v1/auth/refresh').set('content-type','application/json').send('{"refreshToken":' + '['.repeat(30000) + ']'.repeat(30000) + '}'));
    show('logout body', await app.http.post('/v1/auth/logout').set('authorization', 'Bearer x').send({ a: 1 }));
    show('logout text', await app.http.post('/v1/auth/logout').set('authorization', 'Bearer x').set('content-type', 'text/plain').send('x'));
    show('get with body', await app.http.get('/v1/me').set('authorization', 'Bearer ' + me.accessToken).send({ a: 1 }));
    show('delete with bad body', await app.http.delete('/v1/me/sessions').set('authorization', 'Bearer ' + me.accessToken).set('content-type', 'application/json').send('{'));
    for (const q of ['limit=0', 'limit=abc', 'limit=1&limit=2', 'limit[]=1', 'limit[x]=1', 'foo=1', 'cursor=zzz', 'cursor=' + 'a'.repeat(3000), 'cursor=', 'limit=', 'limit=201', 'limit=%00', 'cursor=%ff', '__proto__=1', '__proto__[x]=1', 'constructor=1', 'limit=1%', 'cursor=' + Buffer.from('not-a-uuid').toString('base64url'), 'cursor=' + Buffer.from('ffffffff-ffff-ffff-ffff-ffffffffffff').toString('base64url'), '', '&&&', '=', 'limit=5&'])
      show('list ' + q.slice(0, 40), await app.http.get('/v1/me/sessions?' + q).set('authorization', 'Bearer ' + me.accessToken));
    for (const q of ['all=true&all=false', 'all=1', 'all[]=true', 'x=1']) show('end ' + q, await app.http.delete('/v1/me/sessions?' + q).set('authorization', 'Bearer ' + me.accessToken));
    show('me ?x', await app.http.get('/v1/me?x=1').set('authorization', 'Bearer ' + me.accessToken));
    for (const a of ['', 'Bearer', 'Bearer ', 'Basic abc', 'Bearer a b', 'Bearer ' + 'x'.repeat(5000), 'bearer x', 'Bearer \u00ff\u0080']) show('auth ' + a.slice(0, 20), await app.http.get('/v1/me').set('authorization', a));
    const port = app.port;
    const R = async (n: string, t: string | Buffer, w?: number) => log('>>', n, (await raw(port, t, w)).slice(0, 900));
    await R('garbage', 'garbage\r\n\r\n');
    await R('tls', Buffer.from([0x16, 3, 1, 0, 5, 1, 2, 3, 4, 5]));
    await R('header overflow', 'GET / HTTP/1.1\r\nHost: x\r\nX-A: ' + 'a'.repeat(20000) + '\r\n\r\n');
    await R('many headers', 'GET / HTTP/1.1\r\nHost: x\r\n' + Array.from({ length: 3000 }, (_, i) => `a${i}: b\r\n`).join('') + '\r\n');
    await R('no host', 'GET /health/live HTTP/1.1\r\n\r\n');
    await R('http/1.0', 'GET /health/live HTTP/1.0\r\n\r\n');
    await R('http/2.0', 'GET /health/live HTTP/2.0\r\nHost: x\r\n\r\n');
    await R('h2 preface', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    await R('te+cl', 'POST /v1/auth/refresh HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\n0\r\n\r\n');
    await R('bad te', 'POST /v1/auth/refresh HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\nContent-Type: application/json\r\n\r\nxx');
    await R('two cl', 'POST /v1/auth/refresh HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\nContent-Type: application/json\r\n\r\n{}');
    await R('neg cl', 'POST /v1/auth/refresh HTTP/1.1\r\nHost: x\r\nContent-Length: -2\r\nContent-Type: application/json\r\n\r\n{}');
    await R('chunked big', 'POST /v1/auth/refresh HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\n' + ('4000\r\n' + 'a'.repeat(0x4000) + '\r\n').repeat(5) + '0\r\n\r\n');
    await R('chunked bad size', 'POST /v1/auth/refresh HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\nzz\r\n');
    await R('bad method', 'FOO / HTTP/1.1\r\nHost: x\r\n\r\n');
    await R('CONNECT', 'CONNECT example.com:80 HTTP/1.1\r\nHost: x\r\n\r\n');
    await R('OPTIONS *', 'OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n');
    await R('absolute', 'GET http://evil.example/health/live HTTP/1.1\r\nHost: x\r\n\r\n');
    await R('expect', 'POST /v1/auth/refresh HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\nContent-Type: application/json\r\n\r\n{}');
    await R('expect other', 'POST /v1/auth/refresh HTTP/1.1\r\nHost: x\r\nExpect: tea\r\nContent-Length: 2\r\nContent-Type: application/json\r\n\r\n{}');
    await R('upgrade', 'GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    await R('missing ct', 'POST /v1/auth/refresh HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}');
    await R('missing ct no body', 'POST /v1/auth/refresh HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n');
    await R('missing ct chunked', 'POST /v1/auth/refresh HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n');
    await R('xid newline-ish', 'GET /nope HTTP/1.1\r\nHost: x\r\nX-Request-Id: a b\r\n\r\n');
    await R('xid two', 'GET /nope HTTP/1.1\r\nHost: x\r\nX-Request-Id: a\r\nX-Request-Id: b\r\n\r\n');
    await R('xid nul', Buffer.from('GET /nope HTTP/1.1\r\nHost: x\r\nX-Request-Id: a\0b\r\n\r\n'));
    await R('xid 10k', 'GET /nope HTTP/1.1\r\nHost: x\r\nX-Request-Id: ' + 'a'.repeat(10000) + '\r\n\r\n');
    await R('raw path', Buffer.from('GET /\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n', 'latin1'));
    await R('nul path', Buffer.from('GET /a\0b HTTP/1.1\r\nHost: x\r\n\r\n', 'latin1'));
    await R('long path', 'GET /' + 'a'.repeat(15000) + ' HTTP/1.1\r\nHost: x\r\n\r\n');
    await R('pipelining', 'GET /health/live HTTP/1.1\r\nHost: x\r\n\r\nGET /nope HTTP/1.1\r\nHost: x\r\n\r\n');
    await R('after good, garbage', 'GET /health/live HTTP/1.1\r\nHost: x\r\n\r\ngarbage\r\n\r\n');
    for (const origin of ['https://app.example.com', 'https://APP.example.com', 'https://app.example.com:443', 'https://app.example.com.evil.com', 'null', 'https://app.example.com/', 'http://app.example.com', ''])
      for (const u of [P, '/nope', '/v1/me']) log('cors', origin, u, await app.http.options(u).set('origin', origin).set('access-control-request-method', 'POST').set('access-control-request-headers','content-type').then((a) => [a.status, Object.fromEntries(Object.entries(a.headers).filter(([k]) => /^access|vary|x-req|allow/.test(k)))]));
    log(JSON.stringify((await app.http.get('/v1/me').set('origin', 'https://app.example.com').set('authorization', 'Bearer ' + me.accessToken)).headers));
    log(JSON.stringify((await app.http.get('/v1/me').set('origin', 'https://other.example.com').set('authorization', 'Bearer ' + me.accessToken)).headers));
    log(JSON.stringify((await app.http.get('/health/live')).headers));
    log(JSON.stringify((await app.http.get('/docs')).headers));
    log((await app.http.get('/docs')).text);
    log((await app.http.get('/docs/swagger-ui-init.js')).text.slice(0, 400));
  }, 60000);
});
