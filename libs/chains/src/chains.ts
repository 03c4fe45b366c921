import type { Chain, ChainId } from './chain';

/** The configured chains, and what is known of others. */
export abstract class Chains {
  /** In the order of the file. */
  abstract list(): readonly Chain[];

  /** Null for a chain that is not configured. `tvm:` is read as `ton:`. */
  abstract find(id: ChainId): Chain | null;

  /** Whether a chain, configured or not, is known as a test network. An unknown one counts as `production`. */
  abstract environmentOf(id: ChainId): 'production' | 'test';
}
