import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Abi, Hex } from 'viem';

export interface CompiledContract {
  readonly abi: Abi;
  readonly bytecode: Hex;
}

/** A contract of test/contracts, as scripts/check-contracts.mjs has compiled it. */
export function compiledContract(name: string): CompiledContract {
  const path = join(__dirname, '../contracts/compiled', `${name}.json`);
  return JSON.parse(readFileSync(path, 'utf8')) as CompiledContract;
}
