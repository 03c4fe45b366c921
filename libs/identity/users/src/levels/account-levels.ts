import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '@countersign/database';
import { isAtLeast, type Assurance, highestAssuranceOf, type AccountLevel } from '../assurance';
import { IdentitiesRepository, type OwnIdentity } from '../store/identities.repository';

interface LeveledAccount {
  readonly userId: string;
  readonly applicationLevel: AccountLevel;
}

/**
 * An account's level is the highest that proofs of its identities reach with their caps, and at least `bot-token`. So
 * only people without an identity that reaches `platform` act at `bot-token`. An application can only raise the level.
 */
@Injectable()
export class AccountLevels {
  constructor(
    private readonly database: Database,
    private readonly identities: IdentitiesRepository,
  ) {}

  async of(account: LeveledAccount, manager?: EntityManager): Promise<AccountLevel> {
    return (await this.highestOf(account, manager)) === 'platform' ? 'platform' : 'bot-token';
  }

  /** The highest assurance of the person's identities, or more if the application requires it. */
  async highestOf({ userId, applicationLevel }: LeveledAccount, manager?: EntityManager): Promise<Assurance> {
    if (applicationLevel === 'platform') return 'platform';
    return highestAssuranceOf(await this.identitiesOf(userId, manager));
  }

  async highestBy(
    userId: string,
    bots: readonly { readonly provider: string; readonly environment: string }[],
  ): Promise<Assurance> {
    const identities = await this.identitiesOf(userId);
    return highestAssuranceOf(
      identities.filter(({ provider, environment }) =>
        bots.some((bot) => bot.provider === provider && bot.environment === environment),
      ),
    );
  }

  /** Tells whether the only identity is a wallet that founded the account and never signed in by a strong proof. */
  async isUnprovenWallet(userId: string): Promise<boolean> {
    const [only, another] = await this.identitiesOf(userId);
    return only?.provider === 'ethereum' && !another && !only.isProven;
  }

  private async identitiesOf(userId: string, manager?: EntityManager): Promise<readonly OwnIdentity[]> {
    return this.database.read((reading) => this.identities.listOf(reading, userId), manager);
  }

  /** Tells whether a session reaches the level of its account. It reads the database only for `bot-token`. */
  async isMetBy(account: LeveledAccount, assurance: Assurance): Promise<boolean> {
    if (assurance === 'platform') return true;
    if (assurance === 'vendor') return false;
    return isAtLeast(assurance, await this.of(account));
  }
}
