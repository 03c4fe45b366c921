import { defineLookup, type KnownIdentities } from '@countersign/account';
import { environments, type Environment } from '@countersign/applications';
import { invalidField, Text } from '@countersign/http';
import { readEvmAddress, readTonAddress } from '@countersign/wallet-proofs';
import type { WalletProvider } from '../store/wallet.entity';

/** An identity of a wallet; null for any environment. */
type KnownWallet = readonly [provider: WalletProvider, subject: string, environment: Environment | null];

/**
 * Reads an address as people write it. Null for what is none, and for an address for test
 * networks only with another environment.
 */
function readKnownWallet(text: string, environment: Environment | null): KnownWallet | null {
  const evm = readEvmAddress(text);
  if (evm.ok) return ['ethereum', evm.value, environment];
  const ton = readTonAddress(text);
  if (!ton.ok) return null;
  const { raw, isTest } = ton.value;
  if (isTest !== true) return ['ton', raw, environment];
  return environment === 'production' ? null : ['ton', raw, 'test'];
}

/** The identities that the wallet may be. @throws AppError request.invalid */
function identitiesOf(address: string, wanted: Environment | null): KnownIdentities {
  const known = readKnownWallet(address, wanted);
  if (!known)
    throw invalidField('walletAddress', 'address', 'must be the address of a wallet of this environment');
  const [provider, subject, environment] = known;
  return {
    by: 'walletAddress',
    environment,
    digested: [provider, subject],
    identities: (environment === null ? environments : [environment]).map((one) => ({
      provider,
      environment: one,
      subject,
    })),
  };
}

defineLookup(
  'walletAddress',
  Text(
    'The address of a wallet: `0x` and 40 hex digits, in lower case or with the checksum of EIP-55; of TON raw or ' +
      'user-friendly. A wallet that is connected only is not found.',
    '0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045',
    { input: 'optional', max: 100 },
  ),
  identitiesOf,
);
