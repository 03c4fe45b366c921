import { IsBoolean } from 'class-validator';

/** Wallets that people sign in with and link. */
export class WalletsSettings {
  /** Whether people prove wallets in the application; by Metapro’s message where `metapro.enabled` is set. Wallets that are linked stay. */
  @IsBoolean()
  accept = true;

  /** Whether a sign-in by a wallet that no account has founds one. */
  @IsBoolean()
  createsAccounts = false;
}
