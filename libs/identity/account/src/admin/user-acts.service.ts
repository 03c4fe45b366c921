import { Injectable } from '@nestjs/common';
import type { AssertCurrent } from '@countersign/admin';
import { UserDirectory, UsersService, type UserStatus } from '@countersign/users';
import { AccountService, type AssertCurrentUser } from '../account.service';
import { stateOfUser } from './dto/user.dto';
import { ErasureService } from '../erasure/erasure.service';
import { ErasureWithdrawal } from '../erasure/erasure-withdrawal';
import { ExportService } from '../export/export.service';

/** The state of an account after a change. */
interface ChangedStatus {
  readonly userId: string;
  readonly status: UserStatus;
  readonly endedSessions: number;
}

export interface ChangedErasure {
  readonly userId: string;
  /** `null` when it is erased, or is not to be. */
  readonly erasesAt: Date | null;
}

interface WantedErasure {
  readonly reason: string;
  readonly now?: boolean;
  readonly forfeitWallets?: readonly string[];
}

/** Acts of operators on accounts. The id of a merged account stands for the surviving one. */
@Injectable()
export class UserActs {
  constructor(
    private readonly users: UsersService,
    private readonly directory: UserDirectory,
    private readonly accounts: AccountService,
    private readonly erasures: ErasureService,
    private readonly withdrawal: ErasureWithdrawal,
    private readonly exports: ExportService,
  ) {}

  /** @throws AppError user.not_found, precondition.failed */
  async setStatus(userId: string, status: UserStatus, assertCurrent?: AssertCurrent): Promise<ChangedStatus> {
    const currentId = await this.users.resolveId(userId);
    const { endedSessions } = await this.accounts.setStatus(currentId, status, this.checkOf(assertCurrent));
    return { userId: currentId, status, endedSessions };
  }

  /** @throws AppError user.not_found, account.wallets_not_exported, precondition.failed */
  async erase(
    userId: string,
    { reason, now: isNow = false, forfeitWallets }: WantedErasure,
    assertCurrent?: AssertCurrent,
  ): Promise<ChangedErasure> {
    const currentId = await this.users.resolveId(userId);
    const check = this.checkOf(assertCurrent);
    const erasesAt = await this.erasures.eraseFor(currentId, reason, isNow, forfeitWallets, check);
    return { userId: currentId, erasesAt };
  }

  /** @throws AppError as `ErasureWithdrawal.cancel`, precondition.failed */
  async cancelErasure(
    userId: string,
    reason: string,
    assertCurrent?: AssertCurrent,
  ): Promise<ChangedErasure> {
    const currentId = await this.users.resolveId(userId);
    await this.withdrawal.cancel(currentId, reason, this.checkOf(assertCurrent));
    return { userId: currentId, erasesAt: null };
  }

  /** @returns the text of the document, piece by piece. @throws AppError user.not_found */
  async export(userId: string, reason: string): Promise<AsyncGenerator<string>> {
    return this.exports.exportFor(await this.users.resolveId(userId), reason);
  }

  private checkOf(assertCurrent: AssertCurrent = () => undefined): AssertCurrentUser {
    return async (tx, userId) => {
      assertCurrent(stateOfUser(await this.directory.stateOf(tx, userId)));
    };
  }
}
