import { environments } from '@countersign/applications';
import { Count, Flag, Id, Instant, Nested, OneOf, PageOf, Text, toResponse } from '@countersign/http';
import { assurances, type Assurance } from '@countersign/users';
import { showEvmAddress, showTonAddress, type EvmAddress } from '@countersign/wallet-proofs';
import type { OwnWallet } from '../own/own-wallets.service';
import { walletProofKinds, type SignatureSwitch } from '../proofs/proven-wallet';
import type { WalletEvidence } from '../store/wallet-sealing';
import { walletKinds, walletProviders, type WalletKind, type WalletEntity } from '../store/wallet.entity';

export const WALLET_ID = '0199a3d2-4c1e-7a55-8f0b-6a7d1c2e3f40';
const signatureSwitches = ['allowed', 'not-asked'] as const satisfies readonly SignatureSwitch[];
const INSTANT = '2026-11-20T08:00:00.000Z';

class CheckedBlockResponse {
  @Count('Its number.', 23846120)
  number: number;

  @Text('Its hash.', '0x88e96d4537bea4d9c05d12549907b32561d3bf31f45aae734cdc119f13406cb6')
  hash: string;
}

class WalletProofResponse {
  @OneOf(walletProofKinds, 'What was signed.', 'siwe')
  kind: WalletEvidence['kind'];

  @Text('CAIP-2: the chain that the message named.', 'eip155:1')
  provenOn: string;

  @Nested(
    CheckedBlockResponse,
    'Of a contract wallet: the block at which it accepted the signature. `null` where a key signed.',
    { nullable: true },
  )
  block: CheckedBlockResponse | null;

  @Count('How many nodes agreed on it; 0 where none was asked.', 0)
  nodes: number;

  @OneOf(
    signatureSwitches,
    'Of a wallet of TON that can switch signatures off (v5), and then obeys its extensions only: `allowed`, or `not-asked` where the operator has configured no endpoint, so that the key may no longer control it. `null` for all others.',
    null,
    { nullable: true },
  )
  signatureSwitch: SignatureSwitch;
}

/** The fields that both the person and operators see. */
export class ShownWalletResponse {
  @Id('The id of the wallet.', WALLET_ID)
  walletId: string;

  @Id(
    'The identity that it is: unlinking one unlinks the other. `null` for a connected or embedded wallet.',
    undefined,
    { nullable: true },
  )
  identityId: string | null;

  @OneOf(
    walletKinds,
    '`linked` by a proof of its owner, as an identity; `connected` by such a proof, to be shown and used; or `embedded`: the service has its key.',
    'linked',
  )
  kind: WalletKind;

  @OneOf(walletProviders, 'The platform of its addresses.', 'ethereum')
  provider: string;

  @OneOf(environments, 'Whether it is of a test network.', 'production')
  environment: string;

  @Text(
    'CAIP-2 of a contract wallet, whose address may have other owners on other chains. `null` where a key controls the address.',
    null,
    { nullable: true },
  )
  chainId: string | null;

  @Flag('Whether it is the primary wallet: exactly one is, unless all are merely connected.', true)
  isPrimary: boolean;

  @Instant('When it was connected, linked or created.', INSTANT)
  linkedAt: string;

  @Instant('When it was last proven.', INSTANT)
  checkedAt: string;

  @Flag(
    'Whether it signs in, steps up and merges. A connected or embedded wallet never does, and so no contract wallet.',
    true,
  )
  canSignIn: boolean;
}

export class WalletResponse extends ShownWalletResponse {
  @Text(
    'The address: with the checksum of EIP-55, or in the non-bounceable form of TON.',
    '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266',
  )
  address: string;

  @Text('The name that the person gave it.', 'Savings', { nullable: true })
  label: string | null;

  @OneOf(
    assurances,
    'The most assurance that sessions opened with it get; `null` for a connected or embedded wallet, which opens none.',
    'platform',
    { nullable: true },
  )
  assurance: Assurance | null;

  @Nested(WalletProofResponse, 'How the address was proven last; `null` for an embedded wallet.', {
    nullable: true,
  })
  proof: WalletProofResponse | null;
}

export class WalletPage extends PageOf(WalletResponse, 'Oldest first.') {}

export function toWalletResponse({ wallet, identity, address, label, evidence }: OwnWallet): WalletResponse {
  return toResponse(WalletResponse, {
    ...wallet,
    walletId: wallet.id,
    address: shownAddress({ ...wallet, address }),
    label,
    assurance: identity?.cap ?? null,
    proof:
      evidence &&
      toResponse(WalletProofResponse, {
        ...evidence,
        block: evidence.check?.block ?? null,
        nodes: (evidence.check ?? evidence.ton)?.nodes ?? 0,
        signatureSwitch: evidence.ton?.signatureSwitch ?? null,
      }),
    canSignIn: wallet.kind === 'linked',
  });
}

function shownAddress({
  provider,
  environment,
  address,
}: Pick<WalletEntity, 'provider' | 'environment'> & { readonly address: string }): string {
  return provider === 'ton'
    ? showTonAddress(address, { isTest: environment === 'test' })
    : // A door verified it: `0x` and 40 lower-case digits.
      showEvmAddress(address as EvmAddress);
}
