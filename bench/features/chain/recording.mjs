import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { Anvil } from '../../../scripts/lib/anvil.mjs';
import { say } from '../../../scripts/lib/main.mjs';
import { addressOf, followedAddress } from '../../fills/wallets.mjs';

export const TRANSFERS_PER_BLOCK = 200;
/** Of the transfers of a block: as many as an installation of a busy application might see. */
const FOLLOWED_PER_BLOCK = 4;

/**
 * Blocks of 200 transfers as anvil answers them: half of them of its coin, half of ERC-20, each from one of 200
 * senders to an address of its own. Made once, and read from the file afterwards. @returns {Promise<{ block: object,
 * receipts: object[] }[]>}
 */
export async function recordedBlocks(file, count) {
  if (!existsSync(file)) {
    say(`Recording ${count} blocks of anvil ...`);
    writeFileSync(`${file}.new`, gzipSync(JSON.stringify(await record(count)), { level: 1 }));
    renameSync(`${file}.new`, file);
  }
  return JSON.parse(gunzipSync(readFileSync(file)).toString());
}

async function record(count) {
  const anvil = await Anvil.start(['--accounts', String(TRANSFERS_PER_BLOCK), '--gas-limit', '60000000']);
  try {
    const tokens = [];
    for (const symbol of ['ONE', 'TWO', 'THREE'])
      tokens.push(await anvil.deploy('TestErc20', [symbol, symbol, 18]));
    const [minter] = anvil.accounts;
    for (const [at, account] of anvil.accounts.entries())
      await anvil.write(minter, tokens[at % tokens.length], 'mint', [account, 10n ** 30n], { gas: 100_000n });
    await anvil.mine();

    const blocks = [];
    for (let number = 0; number < count; number += 1) {
      const sent = anvil.accounts.map((from, at) => {
        const to = recipientOf(number, at);
        const token = tokens[at % tokens.length];
        return at % 2 === 0
          ? anvil.send(from, { to, value: BigInt(at + 1), gas: 21_000n })
          : anvil.write(from, token, 'transfer', [to, BigInt(at + 1)], { gas: 100_000n });
      });
      await Promise.all(sent);
      const answers = await anvil.mine();
      if (answers.receipts.length !== TRANSFERS_PER_BLOCK) throw new Error('A block of anvil is not full');
      blocks.push(answers);
    }
    return blocks;
  } finally {
    await anvil.stop();
  }
}

function recipientOf(block, at) {
  const spacing = TRANSFERS_PER_BLOCK / FOLLOWED_PER_BLOCK;
  const index = block * TRANSFERS_PER_BLOCK + at;
  return at % spacing === 1 ? followedAddress(Math.floor(index / spacing)) : addressOf(`other ${index}`);
}
