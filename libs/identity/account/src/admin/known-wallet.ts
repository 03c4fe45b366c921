import { environments, type Environment, type WalletProvider } from '@countersign/applications';
import { readEvmAddress, readTonAddress, subjectOfContract } from '@countersign/wallet-proofs';

/** What an operator knows of a wallet. */
export interface KnownWallet {
  readonly provider: WalletProvider;
  /** As identities have it: lower-case hex of an EVM address, or a raw TON address. */
  readonly address: string;
  /** Null for any. */
  readonly environment: Environment | null;
  /** CAIP-2: only a contract wallet of this chain. Null for any chain, and for wallets of a key. */
  readonly chainId: string | null;
}

/** The same, as it was written. */
type WrittenWallet = Omit<KnownWallet, 'provider'>;

/**
 * Reads an address as people write it. Null for what is none, a TON address with the id of an EVM chain, and an address
 * for test networks only with another environment.
 */
export function readKnownWallet({ address: text, environment, chainId }: WrittenWallet): KnownWallet | null {
  const evm = readEvmAddress(text);
  if (evm.ok) return { provider: 'ethereum', address: evm.value, environment, chainId };
  const ton = readTonAddress(text);
  if (!ton.ok || chainId !== null) return null;
  if (ton.value.isTest !== true) return { provider: 'ton', address: ton.value.raw, environment, chainId };
  return environment === 'production'
    ? null
    : { provider: 'ton', address: ton.value.raw, environment: 'test', chainId };
}

/** The identities that the wallet may be. @param chainIds of the chains whose contract wallets are looked for */
export function identitiesOf(
  { provider, address, environment, chainId }: KnownWallet,
  chainIds: readonly string[],
): readonly { readonly provider: string; readonly environment: Environment; readonly subject: string }[] {
  const ofContracts = (provider === 'ethereum' ? chainIds : []).map((id) => subjectOfContract(id, address));
  const subjects = chainId === null ? [address, ...ofContracts] : [subjectOfContract(chainId, address)];
  return (environment === null ? environments : [environment]).flatMap((one) =>
    subjects.map((subject) => ({ provider, environment: one, subject })),
  );
}
