import { Interface } from 'ethers';
import { encodeFunctionData, erc20Abi, erc721Abi, parseAbi } from 'viem';
import { decodeAct } from '../../decode-act';
import { type DecodedAct } from '../../wallet-act';
import { callOf, type SendCall, type EvmSendIntent } from './send-intent';

const FROM = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8';
const TO = '0x3c44cdddb6a900fa2b585dd299e03d12fa4293bc';
const TOKEN = '0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48';
const MAX = 2n ** 256n - 1n;

function meaningOf({ to, value, data }: SendCall): DecodedAct {
  const read = decodeAct(
    {
      kind: 'transaction',
      transaction: { to, value: String(value), data, nonce: 0, gas: 21_000, gasPrice: 1 },
    },
    {
      ...{ chain: 'eip155:1', address: FROM, now: new Date(0) },
      ...{ domains: [], allowedCalls: [], undecoded: 'sign' },
    },
  );
  if (!read.ok) throw new Error(read.code);
  return read.value;
}

const erc1155 = 'function safeTransferFrom(address,address,uint256,uint256,bytes)';
const foreign = new Interface([
  'function transfer(address,uint256)',
  'function safeTransferFrom(address,address,uint256)',
  erc1155,
]);
const rest = {
  ...{ isAmountOrTokenId: false, isCollectible: false, deadline: null },
  ...{ owner: FROM, to: TO, kind: 'transfer' },
};
const ofItem = { ...rest, isCollectible: true };

describe('the call of an intent', () => {
  it('sends the coin without data', () => {
    const call = callOf({ kind: 'coin', to: TO, amount: 5n }, FROM);

    expect(call).toEqual({ to: TO, value: 5n, data: '0x' });
    expect(meaningOf(call).spends).toEqual([{ ...rest, token: null, tokenId: null, amount: 5n }]);
  });

  it.each([1n, 5n, MAX])('transfers %d of a token as viem and ethers write it', (amount) => {
    const call = callOf({ kind: 'token', token: TOKEN, to: TO, amount }, FROM);
    const data = encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args: [TO, amount] });

    expect(call).toEqual({ to: TOKEN, value: 0n, data });
    expect(data).toBe(foreign.encodeFunctionData('transfer', [TO, amount]));
    expect(meaningOf(call).spends).toEqual([{ ...rest, token: TOKEN, tokenId: null, amount }]);
  });

  it.each([0n, 7n, MAX])('transfers the collectible %d of ERC-721', (tokenId) => {
    const intent = { kind: 'collectible', contract: TOKEN, tokenId, to: TO, amount: 1n } as const;
    const call = callOf({ ...intent, standard: 'erc721' }, FROM);
    const data = encodeFunctionData({
      abi: erc721Abi,
      functionName: 'safeTransferFrom',
      args: [FROM, TO, tokenId],
    });

    expect(call).toEqual({ to: TOKEN, value: 0n, data });
    expect(data).toBe(
      foreign.encodeFunctionData('safeTransferFrom(address,address,uint256)', [FROM, TO, tokenId]),
    );
    expect(meaningOf(call).spends).toEqual([{ ...ofItem, token: TOKEN, tokenId, amount: 1n }]);
  });

  it('transfers an amount of a collectible of ERC-1155', () => {
    const intent = { kind: 'collectible', contract: TOKEN, tokenId: 7n, to: TO, amount: 3n } as const;
    const call = callOf({ ...intent, standard: 'erc1155' }, FROM);
    const args = [FROM, TO, 7n, 3n, '0x'] as const;
    const data = encodeFunctionData({ abi: parseAbi([erc1155]), args });

    expect(call).toEqual({ to: TOKEN, value: 0n, data });
    expect(data).toBe(
      foreign.encodeFunctionData('safeTransferFrom(address,address,uint256,uint256,bytes)', args),
    );
    expect(meaningOf(call).spends).toEqual([{ ...ofItem, token: TOKEN, tokenId: 7n, amount: 3n }]);
  });

  it('shows what a call hides', () => {
    const data = encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [TO, MAX] });
    const intent: EvmSendIntent = { kind: 'call', contract: TOKEN, data, value: 4n };
    const call = callOf(intent, FROM);

    expect(call).toEqual({ to: TOKEN, value: 4n, data });
    expect(meaningOf(call).spends).toMatchObject([
      { kind: 'transfer', token: null, amount: 4n, to: TOKEN },
      { kind: 'approval', token: TOKEN, amount: 'unlimited', to: TO },
    ]);
    expect(meaningOf({ ...call, data: '0x12345678' }).undecoded).toEqual([
      { contract: TOKEN, method: '0x12345678' },
    ]);
  });
});
