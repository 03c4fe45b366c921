import { beginCell } from '@ton/core';
import type { FakeNode } from './fake-node';

/** The first state of the main network. */
export const TON_MAIN_INIT = {
  '@type': 'ton.blockIdExt',
  workchain: -1,
  shard: '0',
  seqno: 0,
  root_hash: 'F6OpKZKqvqeFp6CQmFomXNMfMj2EnaUSOXN+Mh+wVWk=',
  file_hash: 'XplPz01CXAps5qeSWUtxcyBfdAo5zVb1N979KLSKD24=',
};

/** What an endpoint says of an account, of one that is deployed and has no get methods by default. */
export interface ToncenterAccount {
  readonly state?: unknown;
  readonly methods?: Readonly<Record<string, unknown>>;
  readonly init?: unknown;
}

/** Makes a node an endpoint with one account, whatever its address. Its answers have the form that toncenter's documentation shows. */
export function answerAsToncenter(
  fake: FakeNode,
  { state = 'active', methods = {}, init = TON_MAIN_INIT }: ToncenterAccount = {},
): void {
  fake.takeOver((body, response) => {
    const { id, method, params } = body as { id: string; method: string; params: Record<string, string> };
    const results: Record<string, () => unknown> = {
      getMasterchainInfo: () => ({
        '@type': 'blocks.masterchainInfo',
        last: { '@type': 'ton.blockIdExt', workchain: -1, shard: '-9223372036854775808', seqno: 40_000_000 },
        state_root_hash: '',
        init,
      }),
      getAddressInformation: () => ({
        '@type': 'raw.fullAccountState',
        balance: '1000',
        code: beginCell().endCell().toBoc().toString('base64'),
        data: '',
        state,
      }),
      runGetMethod: () =>
        methods[params['method'] ?? ''] ?? {
          '@type': 'smc.runResult',
          gas_used: 0,
          stack: [],
          exit_code: 11,
        },
    };
    const result = results[method]?.();
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ ok: true, result, jsonrpc: '2.0', id }));
    return true;
  });
}

/** A get method that ended well. */
export function answeredMethod(...stack: unknown[]): object {
  return { '@type': 'smc.runResult', gas_used: 500, stack, exit_code: 0, '@extra': '' };
}

export const answeredNumber = (value: string): object => answeredMethod(['num', value]);
