import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import {
  BotsService,
  WithdrawsOfCompromisedBots,
  type BotKey,
  type Withdrawal,
} from '@countersign/applications';
import { AuditService, personActor, operator } from '@countersign/audit';
import { Configuration } from '@countersign/config';
import { Database } from '@countersign/database';
import { Logger, Metrics, type CountBy } from '@countersign/observability';
import { Erasures, UsersService, type Erasure } from '@countersign/users';
import { accountError } from '../account.errors';

/**
 * Erasures that rest on a bot's token alone. The holder of the token can request them for any person of the
 * bot, so above a ceiling they wait longer, and a compromised bot withdraws them. None is refused for their number: the
 * holder could keep people from erasing themselves.
 */
@Injectable()
@WithdrawsOfCompromisedBots()
export class BotsInDoubt implements Withdrawal {
  private readonly countDelayed: CountBy;

  constructor(
    private readonly database: Database,
    private readonly bots: BotsService,
    private readonly users: UsersService,
    private readonly erasures: Erasures,
    private readonly audit: AuditService,
    private readonly configuration: Configuration,
    private readonly logger: Logger,
    metrics: Metrics,
  ) {
    this.countDelayed = metrics.counter(
      'countersign_erasures_delayed_total',
      'Erasures that wait longer, above the ceiling of one bot: its token may have leaked.',
    );
  }

  /** Whether a request by proofs of these bots would wait longer. @param names as `provider/environment/id` */
  async isDelayed(tx: EntityManager, names: readonly string[]): Promise<boolean> {
    return (await this.pendingAboveCeiling(tx, names)) !== null;
  }

  /**
   * As `isDelayed`, for a request: counted under the lock of the bots, with a line for the operator.
   * @throws AppError account.erasure_ceiling_reached for a compromised bot, bot.not_found
   */
  async isRequestDelayed(tx: EntityManager, names: readonly string[]): Promise<boolean> {
    for (const name of [...new Set(names)].toSorted()) {
      const { status } = await this.bots.lock(tx, keyOf(name));
      if (status === 'compromised') throw accountError('account.erasure_ceiling_reached');
    }
    const above = await this.pendingAboveCeiling(tx, names);
    if (!above) return false;
    this.countDelayed({});
    this.logger.error(
      above,
      'erasures by proofs of one bot have reached their ceiling: its token may have leaked',
    );
    return true;
  }

  private async pendingAboveCeiling(
    tx: EntityManager,
    names: readonly string[],
  ): Promise<{ readonly bot: string; readonly pending: number } | null> {
    for (const bot of names) {
      const pending = await this.erasures.countOpenOfBot(tx, bot);
      if (pending >= this.configuration.erasureRequestsPerBot) return { bot, pending };
    }
    return null;
  }

  /** @returns whether one of its bots is compromised: then it is withdrawn. The caller has locked the user. */
  async withdrawIfInDoubt(tx: EntityManager, erasure: Erasure): Promise<boolean> {
    if (!isOfToken(erasure)) return false;
    for (const name of erasure.bots)
      if ((await this.bots.statusOf(tx, keyOf(name))) === 'compromised') {
        await this.withdraw(tx, erasure.userId);
        return true;
      }
    return false;
  }

  /** Withdraws what was requested with proofs of a bot, one account after another. @returns how many. */
  async withdrawAllOf({ provider, environment, botId }: BotKey): Promise<number> {
    const name = `${provider}/${environment}/${botId}`;
    let total = 0;
    for (const userId of await this.erasures.listOfToken(name)) {
      await this.audit.prepare();
      const isWithdrawn = await this.database.transaction(async (tx) => {
        if (!(await this.users.lockIfThere(tx, userId))) return false;
        const erasure = await this.erasures.find(userId, tx);
        if (!erasure || !isOfToken(erasure) || erasure.startedAt !== null || !erasure.bots.includes(name))
          return false;
        await this.withdraw(tx, userId);
        return true;
      });
      if (isWithdrawn) total += 1;
    }
    return total;
  }

  private async withdraw(tx: EntityManager, userId: string): Promise<void> {
    const auditPseudonym = await this.users.getAuditPseudonym(tx, userId);
    await this.erasures.cancel(tx, userId);
    await this.audit.record(tx, 'user.erasure_cancelled', {
      actor: operator(),
      subject: personActor(auditPseudonym),
      details: { reason: 'bot-compromised' },
    });
  }
}

/** Where the level of the account is `bot-token`, a token closes the account, too. */
function isOfToken({ assurance }: Erasure): boolean {
  return assurance === 'bot-token';
}

function keyOf(name: string): BotKey {
  const [provider, environment, botId] = name.split('/');
  return { provider, environment, botId } as BotKey;
}
