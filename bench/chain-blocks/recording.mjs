import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { Anvil } from '../../scripts/lib/anvil.mjs';
import { say } from '../../scripts/lib/main.mjs';
import { followedAddress, otherAddress } from './addresses.mjs';

export const TRANSFERS_PER_BLOCK = 200;
/** Of the transfers of a block: as many as an installation of a busy application might see. */
export const FOLLOWED_PER_BLOCK = 4;
/** More addresses than any cache holds, so that blocks that are replayed again are as new. */
export const RECORDED_BLOCKS = 250;

/**
 * Blocks of 200 transfers as anvil answers them: half of them of its coin, half of ERC-20, each from one of 200 senders to an
 * address of its own. Made once, and read from the file afterwards.
 *
 * @param {string} file
 * @returns {Promise<{ block: object, receipts: object[] }[]>}
 */
export async function recordedBlocks(file) {
  if (!existsSync(file)) {
    say(`Recording ${RECORDED_BLOCKS} blocks of anvil ...`);
    const blocks = await record();
    writeFileSync(`${file}.new`, gzipSync(JSON.stringify(blocks), { level: 1 }));
    renameSync(`${file}.new`, file);
  }
  return JSON.parse(gunzipSync(readFileSync(file)).toString());
}

async function record() {
  const anvil = await Anvil.start(['--accounts', String(TRANSFERS_PER_BLOCK), '--gas-limit', '60000000']);
  try {
    const tokens = [];
    for (const symbol of ['ONE', 'TWO', 'THREE'])
      tokens.push(await anvil.deploy('TestErc20', [symbol, symbol, 18]));
    const [minter] = anvil.accounts;
    for (const [at, account] of anvil.accounts.entries()) {
      await anvil.write(minter, tokens[at % tokens.length], 'mint', [account, 10n ** 30n], { gas: 100_000n });
    }
    await anvil.mine();

    const blocks = [];
    for (let number = 0; number < RECORDED_BLOCKS; number++) {
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
  const place = block * TRANSFERS_PER_BLOCK + at;
  return at % spacing === 1 ? followedAddress(Math.floor(place / spacing)) : otherAddress(place);
}
