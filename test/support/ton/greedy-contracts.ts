import { Address, beginCell, Cell } from '@ton/core';
import { createShardAccount } from '@ton/sandbox';
import type { TonNetwork } from './ton-network';

type Answer = number | Address | Cell;

/** A collectible that any owner has, by its own word, and that keeps all coins. */
export async function greedyItem(network: TonNetwork, owner: Address): Promise<Address> {
  const item = anAddress();
  await deploy(network, item, [1, 0, item, owner, Cell.EMPTY]);
  return item;
}

/** A jetton of which an owner has 100, by its own word, and whose wallets keep all coins. */
export async function greedyJetton(
  network: TonNetwork,
  owner: Address,
): Promise<{ readonly master: Address; readonly wallet: Address }> {
  const [master, wallet] = [anAddress(), anAddress()];
  await deploy(network, master, [wallet]);
  await deploy(network, wallet, [100, owner, master, Cell.EMPTY]);
  return { master, wallet };
}

let made = 0;
function anAddress(): Address {
  made += 1;
  return new Address(0, Buffer.alloc(32, `greedy ${String(made)} `));
}

async function deploy(network: TonNetwork, address: Address, answers: readonly Answer[]): Promise<void> {
  const account = createShardAccount({ address, code: answering(answers), data: Cell.EMPTY, balance: 1n });
  await network.chain.setShardAccount(address, account);
}

/** Code that answers each get method with the same stack, and takes each message. https://docs.ton.org/tvm/instructions */
function answering(answers: readonly Answer[]): Cell {
  // DEPTH, DROPX: without arguments.
  const code = beginCell().storeUint(0x6865, 16);
  for (const answer of answers)
    if (typeof answer === 'number') code.storeUint(0x80, 8).storeInt(answer, 8); // PUSHINT
    else if (answer instanceof Address)
      code.storeUint(0x89, 8).storeRef(beginCell().storeAddress(answer).endCell()); // PUSHREFSLICE
    else code.storeUint(0x88, 8).storeRef(answer); // PUSHREF
  return code.endCell();
}
