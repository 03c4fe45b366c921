import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeAbiParameters, encodeFunctionData, numberToHex, pad, parseAbi, toHex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { Anvil } from './lib/anvil.mjs';
import { main, say } from './lib/main.mjs';

/** Records blocks of anvil, with balances before and after, for the tests of libs/pure/evm-blocks. */
const FOLDER = join(import.meta.dirname, '../libs/pure/evm-blocks/testing/recorded');
const TRANSFER = '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef';
const TRANSFER_BATCH = '0x4a39dc06d4c0dbc64b70af90fd698a233a518aa5d07e595d983b8c0526c8f7fb';
const balances = parseAbi([
  'function balanceOf(address) view returns (uint256)',
  'function balanceOf(address, uint256) view returns (uint256)',
]);
const ids = [7n, 8n, 9n];

async function record(name, flags, scenes) {
  const anvil = await Anvil.start(flags);
  try {
    const recorded = await scenes(anvil);
    writeFileSync(join(FOLDER, `${name}.json`), `${JSON.stringify(recorded)}\n`);
    say(`${name}: ${recorded.blocks.length} blocks`);
  } finally {
    await anvil.stop();
  }
}

async function native(anvil) {
  const [a, b, c, d] = anvil.accounts;
  const forwarder = await anvil.deploy('Forwarder');
  const recorder = new Recorder(anvil, [a, b, c, d, forwarder.address]);
  const gasPrice = numberToHex(3_000_000_000n);

  await anvil.send(a, { to: b, value: 1n, type: '0x0', gasPrice });
  await anvil.send(b, { to: c, value: 10n ** 18n, type: '0x1', gasPrice, accessList: [] });
  await anvil.send(c, { to: d, value: 12_345n });
  await anvil.send(d, { to: d, value: 5n });
  await anvil.send(a, { to: c, value: 0n });
  await anvil.write(b, forwarder, 'fail', [], { value: 77n });
  await anvil.write(c, forwarder, 'forward', [a], { value: 88n });
  // A contract without code, which is given something.
  await anvil.send(d, { data: '0x60006000f3', value: 99n });
  await recorder.record('every kind of native transfer');

  await recorder.record('nothing');

  const delegating = privateKeyToAccount(pad('0x1234'));
  const authorization = await delegating.signAuthorization({
    contractAddress: forwarder.address,
    chainId: 31337,
    nonce: 0,
  });
  await anvil.send(a, {
    to: b,
    value: 3n,
    type: '0x4',
    authorizationList: [
      {
        chainId: '0x7a69',
        address: forwarder.address,
        nonce: '0x0',
        yParity: toHex(authorization.yParity),
        r: authorization.r,
        s: authorization.s,
      },
    ],
  });
  await recorder.record('a delegation');
  return recorder.done();
}

async function tokens(anvil) {
  const [a, b, c, d] = anvil.accounts;
  const coin = await anvil.deploy('TestErc20', ['US Dollars', 'USD', 6]);
  const hostile = await anvil.deploy('HostileToken', ['visit example.invalid', 'USD']);
  const collectible = await anvil.deploy('TestErc721');
  const multi = await anvil.deploy('TestErc1155');
  const recorder = new Recorder(anvil, [a, b, c, d], { coin, hostile, collectible, multi });

  await anvil.write(a, coin, 'mint', [a, 1_000_000n]);
  await anvil.write(a, coin, 'transfer', [b, 250_000n]);
  await anvil.write(a, coin, 'approve', [c, 2n ** 256n - 1n]);
  await anvil.write(c, coin, 'transferFrom', [a, d, 1n]);
  // Poisoning: anybody may move nothing.
  await anvil.write(d, coin, 'transferFrom', [a, c, 0n]);
  await anvil.write(d, coin, 'transferFrom', [a, c, 1n]);
  await recorder.record('ERC-20');

  await anvil.write(a, hostile, 'mint', [a, 1000n]);
  await anvil.write(a, hostile, 'transfer', [b, 100n]);
  await anvil.write(d, hostile, 'logTransfer', [a, b, 10n ** 30n]);
  await anvil.write(d, hostile, 'logTransfers', [d, [...many(60), a], 5n]);
  await recorder.record('a hostile token');

  await anvil.write(a, collectible, 'mint', [a, 42n]);
  await anvil.write(a, collectible, 'transferFrom', [a, b, 42n]);
  await anvil.write(a, multi, 'mint', [a, 7n, 70n]);
  await anvil.write(a, multi, 'mintBatch', [a, ids, [1n, 2n, 3n]]);
  await anvil.write(a, multi, 'safeTransferFrom', [a, b, 7n, 20n, '0x']);
  await anvil.write(a, multi, 'safeBatchTransferFrom', [a, c, ids, [5n, 1n, 0n], '0x']);
  await recorder.record('collectibles');

  const [from, to] = [word(a), word(b)];
  const kitty = encodeAbiParameters(
    [{ type: 'address' }, { type: 'address' }, { type: 'uint256' }],
    [a, b, 314n],
  );
  await anvil.write(d, hostile, 'logRaw', [[TRANSFER], kitty]);
  await anvil.write(d, hostile, 'logRaw', [[TRANSFER, from, to], pad('0x01', { size: 64 })]);
  await anvil.write(d, hostile, 'logRaw', [[TRANSFER, from, to, word('0x05')], '0x00']);
  await anvil.write(d, hostile, 'logRaw', [[TRANSFER, `0xff${from.slice(4)}`, to], pad('0x01')]);
  await anvil.write(d, hostile, 'logRaw', [[TRANSFER, from], pad('0x01')]);
  await anvil.write(d, hostile, 'logRaw', [
    [TRANSFER_BATCH, word(d), from, to],
    pad('0xffffffff', { size: 64 }),
  ]);
  await anvil.write(d, hostile, 'logBatch', [a, b, [1n, 2n], [1n]]);
  await recorder.record('logs that cannot be read');
  return recorder.done();
}

async function berlin(anvil) {
  const [a, b] = anvil.accounts;
  const recorder = new Recorder(anvil, [a, b]);
  await anvil.send(a, { to: b, value: 10n ** 18n, gasPrice: numberToHex(2_000_000_000n) });
  await recorder.record('before EIP-1559');
  return recorder.done();
}

/** Each block with the balances of the accounts before and after it. */
class Recorder {
  #blocks = [];

  constructor(anvil, accounts, contracts = {}) {
    Object.assign(this, { anvil, accounts, contracts });
  }

  async record(name) {
    const before = await this.#balances();
    const answers = await this.anvil.mine();
    this.#blocks.push({ name, ...answers, before, after: await this.#balances() });
  }

  done() {
    const contracts = Object.fromEntries(
      Object.entries(this.contracts).map(([name, { address }]) => [name, address]),
    );
    return { chainId: 31337, accounts: this.accounts, contracts, blocks: this.#blocks };
  }

  async #balances() {
    const { coin, hostile, collectible, multi } = this.contracts;
    const found = {};
    for (const account of this.accounts) {
      found[account] = { native: await this.anvil.call('eth_getBalance', account, 'latest') };
      for (const [name, contract] of Object.entries({ coin, hostile, collectible })) {
        if (contract) found[account][name] = await this.#ask(contract, [account]);
      }
      for (const id of multi ? ids : [])
        found[account][`multi/${id}`] = await this.#ask(multi, [account, id]);
    }
    return found;
  }

  #ask({ address }, args) {
    const data = encodeFunctionData({ abi: balances, functionName: 'balanceOf', args });
    return this.anvil.call('eth_call', { to: address, data }, 'latest');
  }
}

function word(hex) {
  return pad(hex, { size: 32 });
}

function many(count) {
  return Array.from({ length: count }, (_, at) => pad(toHex(at + 1), { size: 20 }));
}

await main(async () => {
  await record('native', [], native);
  await record('tokens', [], tokens);
  await record('berlin', ['--hardfork', 'berlin'], berlin);
});
