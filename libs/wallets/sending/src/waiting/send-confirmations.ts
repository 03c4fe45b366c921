import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AccountActs, accountError, ActDecisions, Grants } from '@countersign/account';
import { AuditService } from '@countersign/audit';
import { Clock, plusSeconds } from '@countersign/clock';
import { sha256 } from '@countersign/crypto';
import { Database } from '@countersign/database';
import { embeddedWalletActs, sendReadingError } from '@countersign/embedded-wallets';
import { OwnWallets, WalletEntity, walletError, WalletKeys } from '@countersign/linked-wallets';
import { STEP_UP_SECONDS, type Act, type Principal } from '@countersign/sessions';
import { UsersService } from '@countersign/users';
import { sendError } from '../sending.errors';
import { SendsRepository } from '../store/sends.repository';
import { isCodeOf, sendIdIn } from './send-codes';
import { SendWaitsRepository } from './send-waits.repository';
import { WaitingSends } from './waiting-sends';

const act = embeddedWalletActs['wallet.confirm_send'];

/** A launch whose start parameter has the code of a send. */
export interface Launch {
  readonly code: string;
  readonly userId: string;
  readonly applicationId: string;
  readonly environment: string;
  /** Of its sign-in. */
  readonly sessionId: string;
}

export interface LaunchedSend {
  readonly walletId: string;
  readonly sendId: string;
  readonly grant: string;
  readonly expiresIn: number;
}

/** Has launches name sends that wait for one, and their person confirm them there. */
@Injectable()
export class SendConfirmations {
  constructor(
    private readonly database: Database,
    private readonly wallets: OwnWallets,
    private readonly users: UsersService,
    private readonly accountActs: AccountActs,
    private readonly decisions: ActDecisions,
    private readonly grants: Grants,
    private readonly sends: SendsRepository,
    private readonly waits: SendWaitsRepository,
    private readonly keys: WalletKeys,
    private readonly waitingSends: WaitingSends,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /**
   * Uses the code up, in the transaction of the sign-in, which has locked the person.
   * @returns null for a code that is not of this person and application, not good any more, or used
   */
  async launch(
    tx: EntityManager,
    { code, userId, applicationId, environment, sessionId }: Launch,
  ): Promise<LaunchedSend | null> {
    const sendId = sendIdIn(code);
    const send = await this.waits.findSend(tx, sendId);
    if (send?.userId !== userId || send.applicationId !== applicationId || send.environment !== environment)
      return null;
    const { walletId } = send;
    const wallet = (await this.keys.read(tx, [walletId])).get(walletId);
    if (!wallet || !isCodeOf('launch', wallet, code)) return null;
    const launchedAt = this.clock.now();
    const launchUntil = plusSeconds(launchedAt, STEP_UP_SECONDS);
    if (!(await this.waits.setLaunched(tx, sendId, { launchedAt, launchUntil }))) return null;
    const { grant, expiresIn } = await this.grants.issue(tx, sessionId, grantFor(sendId));
    return { walletId, sendId, grant, expiresIn };
  }

  /**
   * With the grant of the launch that named the send. It is decided again, and signed at once where nothing else delays it.
   * @throws AppError account.step_up_required, account.grant_invalid, wallet.not_found, send.not_found, send.settled,
   * send.not_confirmed
   */
  async confirm(caller: Principal, walletId: string, sendId: string): Promise<void> {
    await this.wallets.get(caller, walletId);
    await this.audit.prepare();
    await this.database.transaction(async (tx) => {
      await this.users.lock(tx, caller.userId);
      await this.accountActs.lock(tx, caller);
      await this.decisions.assertReached(caller, act, tx);
      if (!(await this.grants.redeem(tx, caller, grantFor(sendId))))
        throw accountError('account.step_up_required');
      if (!(await tx.existsBy(WalletEntity, { id: walletId, userId: caller.userId })))
        throw walletError('wallet.not_found');
      const send = await this.sends.lock(tx, walletId, sendId);
      if (!send) throw sendReadingError('send.not_found');
      const wait = await this.waits.find(tx, sendId);
      if (!wait?.launchUntil) throw sendReadingError('send.settled');
      const now = this.clock.now();
      if (wait.launchUntil <= now) throw sendError('send.not_confirmed');
      await this.waits.setConfirmed(tx, sendId, now);
      const { applicationId, sessionId } = caller;
      await this.audit.record(tx, 'wallet.send_confirmed', {
        ...{ actor: `session:${sessionId}`, applicationId, subject: walletId, details: { sendId } },
      });
    });
    await this.waitingSends.settle(sendId);
  }
}

/** For one send alone. */
function grantFor(sendId: string): { readonly act: Act; readonly requestDigest: Buffer } {
  return { act, requestDigest: sha256(sendId) };
}
