import type { ExecutionContext } from '@nestjs/common';
import { OnlyHereGuard } from './only-here.guard';

function admits(host: string, remoteAddress: string, localAddress: string, ip = remoteAddress): boolean {
  const request = { headers: { host }, ip, socket: { remoteAddress, localAddress } };
  const context = { switchToHttp: () => ({ getRequest: () => request }) } as ExecutionContext;
  try {
    return new OnlyHereGuard().canActivate(context);
  } catch (error) {
    expect(error).toMatchObject({ code: 'request.route_not_found' });
    return false;
  }
}

describe('the playground', () => {
  it.each([
    ['127.0.0.1:3000', '127.0.0.1', '127.0.0.1'],
    ['localhost:3000', '::1', '::1'],
    ['[::1]:3000', '::1', '::1'],
    ['localhost:3000', '::ffff:127.0.0.1', '::ffff:127.0.0.1'],
    ['192.168.1.5:3000', '192.168.1.5', '192.168.1.5'],
  ])('is for this machine: %s from %s', (host, remote, local) => {
    expect(admits(host, remote, local)).toBe(true);
  });

  it.each([
    ['another machine', '192.168.1.5:3000', '192.168.1.9', '192.168.1.5'],
    ['another machine that says localhost', 'localhost:3000', '192.168.1.9', '192.168.1.5'],
    ['another machine in front of a proxy', '192.168.1.5', '127.0.0.1', '127.0.0.1', '192.168.1.9'],
    ['a tunnel', 'words.example.com', '127.0.0.1', '127.0.0.1'],
  ])('is not for %s', (_, ...request) => {
    expect(admits(...(request as Parameters<typeof admits>))).toBe(false);
  });
});
