import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Address } from '../../src/evm/hex';
import type { RawBlock, RawReceipt } from './raw-transactions';

/** Quantities by account, then by asset: `native`, or the name of a contract. */
type Balances = Readonly<Record<Address, Readonly<Record<string, string>>>>;

export interface RecordedBlock {
  readonly name: string;
  readonly block: RawBlock;
  readonly receipts: RawReceipt[];
  readonly before: Balances;
  readonly after: Balances;
}

interface Recording {
  readonly chainId: number;
  readonly accounts: readonly Address[];
  readonly contracts: Readonly<Record<string, Address>>;
  readonly blocks: readonly RecordedBlock[];
}

/** What was recorded of anvil. Each call answers copies that may be changed. */
export function recording(name: 'native' | 'tokens' | 'berlin'): Recording {
  return JSON.parse(readFileSync(join(__dirname, 'recorded', `${name}.json`), 'utf8')) as Recording;
}

export function recordedBlock(recorded: Recording, name: string): RecordedBlock {
  const found = recorded.blocks.find((block) => block.name === name);
  if (!found) throw new Error(`No block was recorded of ${name}`);
  return found;
}
