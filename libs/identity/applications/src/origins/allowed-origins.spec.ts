import type { HttpAdapterHost } from '@nestjs/core';
import type { Configuration } from '@countersign/runtime';
import { OwnOrigins } from './allowed-origins';

type Mode = Configuration['nodeEnv'];

function origins(nodeEnv: Mode, publicUrl: string | null, address: object | string | null): OwnOrigins {
  const adapterHost = { httpAdapter: { getHttpServer: () => ({ address: () => address }) } };
  return new OwnOrigins({ nodeEnv, publicUrl } as Configuration, adapterHost as unknown as HttpAdapterHost);
}

const LOOPBACK = { address: '127.0.0.1', port: 3000 };

describe('OwnOrigins', () => {
  it('knows that of PUBLIC_URL alone in production', () => {
    const own = origins('production', 'https://id.example.com', LOOPBACK);

    expect(own.has('https://id.example.com')).toBe(true);
    for (const origin of ['http://127.0.0.1:3000', 'http://localhost:3000', 'http://id.example.com'])
      expect(own.has(origin)).toBe(false);
    expect(origins('production', null, LOOPBACK).has('http://127.0.0.1:3000')).toBe(false);
  });

  it.each([
    ['127.0.0.1', ['http://127.0.0.1:3000', 'http://localhost:3000'], ['http://[::1]:3000']],
    ['::1', ['http://[::1]:3000', 'http://localhost:3000'], ['http://127.0.0.1:3000']],
    ['0.0.0.0', ['http://127.0.0.1:3000', 'http://localhost:3000'], ['http://0.0.0.0:3000']],
    ['192.0.2.7', ['http://192.0.2.7:3000'], ['http://localhost:3000', 'http://127.0.0.1:3000']],
  ])('in development knows what is listened on at %s', (address, known, unknown) => {
    const own = origins('development', null, { address, port: 3000 });

    for (const origin of known) expect(own.has(origin)).toBe(true);
    for (const origin of [
      ...unknown,
      'https://localhost:3000',
      'http://localhost:3001',
      'http://evil.example:3000',
    ])
      expect(own.has(origin)).toBe(false);
  });

  it('knows nothing listened on before anybody listens, and where nobody does', () => {
    expect(origins('development', null, null).has('http://localhost:3000')).toBe(false);
    const inCli = new OwnOrigins(
      { nodeEnv: 'development', publicUrl: null } as Configuration,
      {} as HttpAdapterHost,
    );
    expect(inCli.has('http://localhost:3000')).toBe(false);
  });
});
