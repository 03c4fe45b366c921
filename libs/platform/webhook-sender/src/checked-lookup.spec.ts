import { aNameServer } from '../testing/name-server';
import { resolveByDns } from './checked-lookup';

describe('the DNS', () => {
  it('is asked for both kinds of addresses, and one is enough', async () => {
    const server = await aNameServer((_name, type) => (type === 'A' ? '192.0.2.7' : null));

    await expect(resolveByDns('hooks.example.com', [server.address])).resolves.toEqual(['192.0.2.7']);
    expect(server.questions.sort()).toEqual(['hooks.example.com A', 'hooks.example.com AAAA']);
    await server.stop();
  });

  it('has no address for a name without records', async () => {
    const server = await aNameServer(() => null);

    await expect(resolveByDns('hooks.example.com', [server.address])).rejects.toThrow('no address');
    await server.stop();
  });
});
