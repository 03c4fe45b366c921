import { encodeFunctionData, parseAbi, type Abi } from 'viem';
import { decodeAct, type WalletAct } from '@countersign/wallet-acts';
import { leavesRight } from './lasting-rights';

const NOW = new Date('2026-11-30T09:00:00Z');
const [WALLET, SPENDER, TOKEN] = ['11', '22', '33'].map((byte) => `0x${byte.repeat(20)}` as const) as [
  `0x${string}`,
  `0x${string}`,
  `0x${string}`,
];
const PERMIT2 = '0x000000000022d473030f116ddee9f6b43ac78ba3';
const HOUR = 3_600;
const inSeconds = (seconds: number) => String(Math.floor(NOW.getTime() / 1_000) + seconds);
const CALLS: Abi = parseAbi([
  'function transfer(address,uint256)',
  'function approve(address,uint256)',
  'function increaseAllowance(address,uint256)',
  'function setApprovalForAll(address,bool)',
  'function approve(address,address,uint160,uint48)',
  'function mint(address)',
]);

function call(functionName: string, args: readonly unknown[], to: string = TOKEN): WalletAct {
  const data = encodeFunctionData({ abi: CALLS, functionName, args });
  const fees = { gas: '60000', maxFeePerGas: '1', maxPriorityFeePerGas: '0' };
  return { kind: 'transaction', transaction: { to, data, nonce: 0, ...fees } };
}

function typed(declared: string, message: object, more: object = {}, contract: string = TOKEN): WalletAct {
  const [, primaryType = '', fields = ''] = /^(\w+)\((.*)\)$/.exec(declared) ?? [];
  const fieldsOf = (text: string) =>
    text.split(',').map((field) => {
      const [type, name] = field.split(' ');
      return { type, name };
    });
  const structs = Object.entries(more).map(([name, text]) => [name, fieldsOf(String(text))] as const);
  const types = { ...Object.fromEntries(structs), [primaryType]: fieldsOf(fields) };
  const domain = { chainId: 1, verifyingContract: contract };
  return { kind: 'typed-data', typedData: { types, primaryType, domain, message } };
}

const permit = { owner: WALLET, spender: SPENDER, value: '1', nonce: '0', deadline: inSeconds(60) };
const dai = (allowed: boolean) =>
  typed('Permit(address holder,address spender,uint256 nonce,uint256 expiry,bool allowed)', {
    ...{ holder: WALLET, spender: SPENDER, nonce: '0', expiry: inSeconds(60), allowed },
  });
const details = { token: TOKEN, amount: '1', expiration: inSeconds(60), nonce: '0' };
const DETAILS = { PermitDetails: 'address token,uint160 amount,uint48 expiration,uint48 nonce' };
const ofPermit2 = (list: '' | '[]') =>
  typed(
    `Permit${list === '' ? 'Single' : 'Batch'}(PermitDetails${list} details,address spender,uint256 sigDeadline)`,
    { details: list === '' ? details : [details], spender: SPENDER, sigDeadline: inSeconds(60) },
    DETAILS,
    PERMIT2,
  );
const authorisation = (name: string, seconds: number) =>
  typed(
    `${name}WithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)`,
    {
      ...{ from: WALLET, to: SPENDER, value: '1', validAfter: '0', validBefore: inSeconds(seconds) },
      nonce: `0x${'00'.repeat(32)}`,
    },
  );
const permitTransfer = (seconds: number) =>
  typed(
    'PermitTransferFrom(TokenPermissions permitted,address spender,uint256 nonce,uint256 deadline)',
    { permitted: { token: TOKEN, amount: '1' }, spender: SPENDER, nonce: '0', deadline: inSeconds(seconds) },
    { TokenPermissions: 'address token,uint256 amount' },
    PERMIT2,
  );
const ERC2612 = 'Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)';

describe('a right to take something later', () => {
  it.each<readonly [string, WalletAct, boolean]>([
    ['approve', call('approve', [SPENDER, 1n]), true],
    ['approve of 0, which may be the collectible 0', call('approve', [SPENDER, 0n]), true],
    ['increaseAllowance', call('increaseAllowance', [SPENDER, 1n]), true],
    ['setApprovalForAll', call('setApprovalForAll', [SPENDER, true]), true],
    ['the end of setApprovalForAll', call('setApprovalForAll', [SPENDER, false]), false],
    ['approve of Permit2', call('approve', [TOKEN, SPENDER, 1n, 1], PERMIT2), true],
    ['a call that is not decoded', call('mint', [WALLET]), true],
    ['a transfer', call('transfer', [SPENDER, 1n]), false],
    ['a permit of ERC-2612 for a minute', typed(ERC2612, permit), true],
    ['a permit of DAI', dai(true), true],
    ['the end of a permit of DAI', dai(false), false],
    ['PermitSingle', ofPermit2(''), true],
    ['PermitBatch', ofPermit2('[]'), true],
    ['data that is not decoded', typed('Mail(string text)', { text: 'Hello' }), true],
    ['TransferWithAuthorization for an hour', authorisation('Transfer', HOUR), false],
    ['TransferWithAuthorization for longer', authorisation('Transfer', HOUR + 1), true],
    ['ReceiveWithAuthorization for an hour', authorisation('Receive', HOUR), false],
    ['PermitTransferFrom for an hour', permitTransfer(HOUR), false],
    ['PermitTransferFrom for longer', permitTransfer(HOUR + 1), true],
    ['a text', { kind: 'message', message: 'Hello', encoding: 'text' }, false],
  ])('%s', (_, act, expected) => {
    const context = { chain: 'eip155:1', address: WALLET, domains: [], allowedCalls: [], now: NOW };
    const decoded = decodeAct(act, { ...context, undecoded: 'sign' });
    if (!decoded.ok) throw new Error(decoded.code);

    expect(leavesRight(decoded.value, { undecoded: 'refuse' }, NOW)).toBe(expected);
  });
});
