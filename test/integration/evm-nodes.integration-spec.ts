import { NodeError, type EvmNode, type EvmNodes } from '@countersign/chains';
import { patience } from '../runner/patience.cjs';
import { describeWithAnvil, useAnvil } from '../support/anvil';
import { anvilChain, withChains } from '../support/chains';
import { useTwoNodes, type NodeAnswer } from '../support/fake-node';

const CHAIN = 'eip155:31337';
const CALLS = ['eth_blockNumber', 'eth_gasPrice', 'eth_chainId'].map((method) => ({ method, params: [] }));

async function kindOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'answered',
    (error: unknown) => {
      if (!(error instanceof NodeError)) throw error;
      return [error.kind, error.details.reason];
    },
  );
}

function nodeOf(nodes: EvmNodes, index = 0): EvmNode {
  const node = nodes.of(CHAIN)[index];
  if (!node) throw new RangeError(`there is no node ${index}`);
  return node;
}

describeWithAnvil('nodes of EVM chains', () => {
  const anvil = useAnvil();
  const [first, second] = useTwoNodes(anvil);
  const one = (more: object = {}): object => anvilChain([first.url], more);
  const two = (more: object = {}): object => anvilChain([first.url, second.url], more);

  describe('are asked who they are', () => {
    it('before the first request, and once for many', async () => {
      await withChains([one()], async ({ nodes }) => {
        await Promise.all([1, 2, 3].map(() => nodeOf(nodes).request('eth_gasPrice', [])));

        expect(first.methods().slice(0, 2)).toEqual(['eth_chainId', 'eth_getBlockByNumber']);
        expect(first.methods().filter((method) => method === 'eth_chainId')).toHaveLength(1);
      });
    });

    it('again after their connection ended', async () => {
      await withChains([one()], async ({ nodes }) => {
        await nodeOf(nodes).request('eth_gasPrice', []);
        first.disconnect();
        first.lie('eth_chainId', '0x1');
        // The end of the connection arrives with the next turns of the event loop.
        await new Promise((done) => setTimeout(done, 50));

        expect(await kindOf(nodeOf(nodes).request('eth_gasPrice', []))).toEqual(['lying', 'wrong_chain_id']);
      });
    });

    it.each<[string, string, unknown, unknown]>([
      ['another chain id', 'eth_chainId', '0x1', ['lying', 'wrong_chain_id']],
      ['no chain id', 'eth_chainId', 31337, ['away', 'no_identity']],
      [
        'another genesis block',
        'eth_getBlockByNumber',
        { hash: `0x${'12'.repeat(32)}` },
        ['lying', 'wrong_genesis'],
      ],
      ['no genesis block', 'eth_getBlockByNumber', null, ['away', 'no_identity']],
    ])('and get no request with %s', async (_, method, lie, kind) => {
      const genesis = await anvil.client.getBlock({ blockNumber: 0n });
      first.lie(method, lie);
      await withChains([one({ genesisHash: genesis.hash })], async ({ nodes }) => {
        expect(await kindOf(nodeOf(nodes).request('eth_gasPrice', []))).toEqual(kind);
        expect(first.methods()).not.toContain('eth_gasPrice');
      });
    });

    it('and all have the genesis block of the first one that answered', async () => {
      second.lie('eth_getBlockByNumber', { hash: `0x${'12'.repeat(32)}` });
      await withChains([two()], async ({ nodes }) => {
        expect(await kindOf(nodeOf(nodes, 0).request('eth_gasPrice', []))).toBe('answered');
        expect(await kindOf(nodeOf(nodes, 1).request('eth_gasPrice', []))).toEqual([
          'lying',
          'wrong_genesis',
        ]);
      });
    });

    it('and a liar is not asked again for a while', async () => {
      first.lie('eth_chainId', '0x1');
      await withChains([two()], async (chains) => {
        const { nodes } = chains;
        // Of which nothing is known yet.
        expect(await chains.metrics()).toContain('countersign_chain_nodes_down{chain="eip155:31337"} 0');
        await kindOf(nodeOf(nodes).request('eth_gasPrice', []));
        first.requests.length = 0;
        await kindOf(nodeOf(nodes).request('eth_gasPrice', []));

        expect(first.methods()).toEqual([]);
        expect(nodes.known(CHAIN)[0]).toMatchObject({ state: 'lying', reason: 'wrong_chain_id' });
        expect(await chains.metrics()).toContain('countersign_chain_nodes_down{chain="eip155:31337"} 1');
      });
    });
  });

  describe('answer batches', () => {
    it.each<[string, (answers: readonly NodeAnswer[]) => unknown, string]>([
      ['for a call twice', ([a, b]) => [a, b, b], 'wrong_id'],
      ['with an id that nobody sent', ([a, b]) => [a, b, { jsonrpc: '2.0', id: 'x', result: 1 }], 'wrong_id'],
      [
        'more than were asked for',
        (all) => [...all, { jsonrpc: '2.0', id: 99_999, result: 1 }],
        'not_a_batch',
      ],
      ['not as a list', ([a]) => a, 'not_a_batch'],
      ['as null', () => null, 'not_a_batch'],
    ])('and are not believed %s', async (_, order, reason) => {
      await withChains([one()], async ({ nodes }) => {
        await nodeOf(nodes).request('eth_gasPrice', []);
        first.reorderBatches(order);

        expect(await kindOf(nodeOf(nodes).batch(CALLS))).toEqual(['away', reason]);
      });
    });

    it('with what is missing, and what is an error, in its place', async () => {
      await withChains([one()], async ({ nodes }) => {
        await nodeOf(nodes).request('eth_gasPrice', []);
        first.fail('eth_gasPrice', -32601, 'no such method');
        first.reorderBatches(([a, b]) => [b, a]);

        const answers = await nodeOf(nodes).batch(CALLS);

        expect(answers).toMatchObject([
          { ok: true },
          { ok: false, error: { kind: 'refused', details: { code: -32601 } } },
          { ok: false, error: { kind: 'away', details: { reason: 'missing_answer' } } },
        ]);
      });
    });

    it('of which one has too many requests, and count as limited then', async () => {
      await withChains([one()], async ({ nodes }) => {
        first.fail('eth_gasPrice', 429, 'wait');

        const answers = await nodeOf(nodes).batch(CALLS);

        expect(answers.map(({ ok }) => ok)).toEqual([true, false, true]);
        expect(nodes.known(CHAIN)).toMatchObject([{ state: 'limited', reason: 'json_rpc_limit' }]);
      });
    });

    it('one by one where they take no batches, and are sent none again', async () => {
      const refuse = (): NodeAnswer => ({ jsonrpc: '2.0', id: null, error: { code: -32600, message: 'no' } });
      first.reorderBatches(refuse);
      await withChains([one()], async ({ nodes }) => {
        const answers = await nodeOf(nodes).batch(CALLS);
        expect(answers.map(({ ok }) => ok)).toEqual([true, true, true]);

        const before = first.posts;
        await nodeOf(nodes).batch(CALLS);
        expect(first.posts - before).toBe(CALLS.length);
      });
    });
  });

  describe('that do not answer well', () => {
    it.each<[string, () => void, unknown]>([
      ['late', () => first.slow(60_000), ['away', 'time_limit']],
      ['not at all', () => first.goAway(), ['away', 'und_err_socket']],
      ['with a page', () => first.respond(200, {}, '<html>'), ['away', 'not_json']],
      ['with a number', () => first.respond(200, {}, '42'), ['away', 'not_a_batch']],
      ['with nothing', () => first.respond(200), ['away', 'not_json']],
      ['with 301', () => first.respond(301, { location: second.url }), ['away', 'status_301']],
      ['with 413', () => first.respond(413), ['refused', 'status_413']],
      ['with 429', () => first.respond(429), ['limited', 'status_429']],
      [
        'with too many requests in words',
        () =>
          first.respond(
            200,
            {},
            '{"jsonrpc":"2.0","id":null,"error":{"code":-32005,"message":"Too Many Requests"}}',
          ),
        ['limited', 'json_rpc_limit'],
      ],
    ])('%s, are told by kind, and no other address is called', async (_, fail, kind) => {
      fail();
      await withChains([one({ timeLimitMs: 300 * patience })], async ({ nodes }) => {
        expect(await kindOf(nodeOf(nodes).request('eth_gasPrice', []))).toEqual(kind);
        expect(second.posts).toBe(0);
      });
    });

    it('with bytes that never end, are cut off at the limit of the call', async () => {
      await withChains([one()], async ({ nodes }) => {
        await nodeOf(nodes).request('eth_gasPrice', []);
        let sent = 0;
        first.takeOver((_body, response) => {
          response.writeHead(200, { 'content-type': 'application/json' });
          const more = (): void => {
            while (!response.destroyed && response.write(' '.repeat(65_536))) sent += 65_536;
          };
          response.on('drain', more).on('error', () => undefined);
          more();
          return true;
        });

        expect(await kindOf(nodeOf(nodes).request('eth_gasPrice', [], { maxBytes: 100_000 }))).toEqual([
          'away',
          'answer_too_large',
        ]);
        expect(sent).toBeLessThan(50_000_000);
      });
    });

    it('byte by byte, are given up at the limit of time', async () => {
      await withChains([one({ timeLimitMs: 400 * patience })], async ({ nodes }) => {
        first.takeOver((_body, response) => {
          response.writeHead(200);
          const timer = setInterval(() => response.write(' '), 20);
          response.on('close', () => clearInterval(timer));
          return true;
        });

        expect(await kindOf(nodeOf(nodes).request('eth_gasPrice', []))).toEqual(['away', 'time_limit']);
      });
    });

    it('are asked all the same when there is no other', async () => {
      first.goAway();
      await withChains([one()], async ({ nodes }) => {
        await kindOf(nodeOf(nodes).request('eth_gasPrice', []));
        first.recover();

        expect(await kindOf(nodeOf(nodes).request('eth_gasPrice', []))).toBe('answered');
        expect(nodes.known(CHAIN)).toMatchObject([{ state: 'up' }]);
      });
    });

    it('are asked no more often than the operator allows', async () => {
      await withChains([one({ requestsPerSecond: 4, timeLimitMs: 100 })], async ({ nodes }) => {
        // Two of them ask who the node is.
        const asked = [1, 2, 3].map(() => kindOf(nodeOf(nodes).request('eth_gasPrice', [])));

        expect(await Promise.all(asked)).toEqual(['answered', 'answered', ['limited', 'own_limit']]);
      });
    });

    it('are left alone as long as they ask for', async () => {
      first.respond(429, { 'retry-after': '30' });
      await withChains([one()], async ({ nodes }) => {
        await kindOf(nodeOf(nodes).request('eth_gasPrice', []));
        first.recover();

        const error: unknown = await nodeOf(nodes)
          .request('eth_gasPrice', [])
          .catch((thrown: unknown) => thrown);
        expect(error).toMatchObject({ kind: 'limited', details: { reason: 'paused' } });
        expect((error as NodeError).details.retryAfterMs).toBeGreaterThan(25_000);
        expect(first.posts).toBe(0);
      });
    });
  });

  it('have their key in no error and no metric', async () => {
    const url = `${first.url}v3/a-key-of-the-operator?token=another-one`;
    first.goAway();
    await withChains([anvilChain([url])], async (chains) => {
      const error: unknown = await nodeOf(chains.nodes)
        .request('eth_gasPrice', [])
        .catch((thrown: unknown) => thrown);

      const { message, stack, details } = error as NodeError;
      const told = JSON.stringify([message, stack, details, chains.nodes.of(CHAIN)[0]?.chain]);
      expect(`${told}${await chains.metrics()}`).not.toMatch(/a-key-of|another-one/);
      expect(await chains.metrics()).toContain('countersign_chain_nodes_down{chain="eip155:31337"} 1');
    });
  });

  it('are given the credentials of their URL', async () => {
    const authorizations: unknown[] = [];
    first.takeOver((_body, _response, { headers }) => void authorizations.push(headers.authorization));
    const url = first.url.replace('http://', 'http://reader:s3cret%21@');
    await withChains([anvilChain([url])], async ({ nodes }) => {
      await nodeOf(nodes).request('eth_gasPrice', []);

      expect(authorizations[0]).toBe(`Basic ${Buffer.from('reader:s3cret!').toString('base64')}`);
    });
  });
});
