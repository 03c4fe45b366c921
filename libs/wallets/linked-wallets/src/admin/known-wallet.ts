import { defineLookup, type KnownIdentities } from '@countersign/account';
import { environments, type Environment } from '@countersign/applications';
import { invalidField, Text } from '@countersign/http';
import { readEvmAddress, readTonAddress } from '@countersign/wallet-proofs';
import type { WalletProvider } from '../store/wallet.entity';

/** Returns the subject in the form of identities: lower-case hex of an EVM address, or a raw TON address. */
function readWallet(text: string): { provider: WalletProvider; subject: string; isOfTest: boolean } | null {
  const evm = readEvmAddress(text);
  if (evm.ok) return { provider: 'ethereum', subject: evm.value, isOfTest: false };
  const ton = readTonAddress(text);
  return ton.ok ? { provider: 'ton', subject: ton.value.raw, isOfTest: ton.value.isTest === true } : null;
}

function identitiesOf(address: string, wanted: Environment | null): KnownIdentities {
  const wallet = readWallet(address);
  if (!wallet || (wallet.isOfTest && wanted === 'production'))
    throw invalidField('walletAddress', 'address', 'must be the address of a wallet of this environment');
  const { provider, subject, isOfTest } = wallet;
  const environment = isOfTest ? 'test' : wanted;
  const identities = (environment === null ? environments : [environment]).map((one) => ({
    provider,
    environment: one,
    subject,
  }));
  return { by: 'walletAddress', environment, digested: [provider, subject], identities };
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
