import { environments, type Environment, type WalletProvider } from '@countersign/applications';
import { readEvmAddress, readTonAddress } from '@countersign/wallet-proofs';

/** What an operator knows of a wallet. */
export interface KnownWallet {
  readonly provider: WalletProvider;
  /** As identities have it: lower-case hex of an EVM address, or a raw TON address. */
  readonly address: string;
  /** Null for any. */
  readonly environment: Environment | null;
}

/** The same, as it was written. */
type WrittenWallet = Omit<KnownWallet, 'provider'>;

/**
 * Reads an address as people write it. Null for what is none, and for an address for test
 * networks only with another environment.
 */
export function readKnownWallet({ address: text, environment }: WrittenWallet): KnownWallet | null {
  const evm = readEvmAddress(text);
  if (evm.ok) return { provider: 'ethereum', address: evm.value, environment };
  const ton = readTonAddress(text);
  if (!ton.ok) return null;
  if (ton.value.isTest !== true) return { provider: 'ton', address: ton.value.raw, environment };
  return environment === 'production'
    ? null
    : { provider: 'ton', address: ton.value.raw, environment: 'test' };
}

/** The identities that the wallet may be. */
export function identitiesOf({ provider, address: subject, environment }: KnownWallet): readonly {
  readonly provider: string;
  readonly environment: Environment;
  readonly subject: string;
}[] {
  return (environment === null ? environments : [environment]).map((one) => ({
    provider,
    environment: one,
    subject,
  }));
}
