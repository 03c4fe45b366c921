import { ArrayUnique, IsArray, IsBoolean, IsIn } from 'class-validator';

/** What a wallet signs: EIP-4361, the fixed message of Metapro, or `ton_proof` of TON Connect. */
export const walletProofKinds = ['siwe', 'metapro', 'ton-proof'] as const;
const namedKinds = ['siwe', 'ton-proof'] as const;
export type WalletProofKind = (typeof walletProofKinds)[number];

/** Wallets that people sign in with and link. */
export class WalletsSettings {
  /** Whether people prove wallets in the application. Wallets that are linked stay. */
  @IsBoolean()
  accept = true;

  /** The kinds of proofs that are accepted, besides Metapro's message, which `metapro.enabled` decides on. */
  @IsArray()
  @ArrayUnique()
  @IsIn(namedKinds, { each: true })
  kinds: (typeof namedKinds)[number][] = [...namedKinds];

  /** Whether a sign-in by a wallet that no account has founds one. */
  @IsBoolean()
  createsAccounts = false;

  /** Whether webhooks get the new transfers of wallets of its people. Only for first-party applications: others see no wallets. */
  @IsBoolean()
  transfers = false;
}
