import { Injectable } from '@nestjs/common';
import { UsersService, type UserStatus } from '@countersign/users';
import { AccountService } from '../account.service';
import { ErasureService } from '../erasure/erasure.service';
import { ErasureWithdrawal } from '../erasure/erasure-withdrawal';
import { ExportService } from '../export/export.service';

/** The state of an account after a change. */
interface ChangedStatus {
  readonly userId: string;
  readonly status: UserStatus;
  readonly endedSessions: number;
}

interface ChangedErasure {
  readonly userId: string;
  /** `null` when it is erased, or is not to be. */
  readonly erasesAt: Date | null;
}

interface WantedErasure {
  readonly reason: string;
  readonly now?: boolean;
  readonly forfeit?: readonly string[];
}

/** Acts of operators on accounts. The id of a merged account stands for the surviving one. */
@Injectable()
export class UserActs {
  constructor(
    private readonly users: UsersService,
    private readonly accounts: AccountService,
    private readonly erasures: ErasureService,
    private readonly withdrawal: ErasureWithdrawal,
    private readonly exports: ExportService,
  ) {}

  /** @throws AppError user.not_found */
  async setStatus(userId: string, status: UserStatus): Promise<ChangedStatus> {
    const currentId = await this.users.resolveId(userId);
    const { endedSessions } = await this.accounts.setStatus(currentId, status);
    return { userId: currentId, status, endedSessions };
  }

  /** @throws AppError user.not_found, account.forfeit_not_named */
  async erase(
    userId: string,
    { reason, now: isNow = false, forfeit }: WantedErasure,
  ): Promise<ChangedErasure> {
    const currentId = await this.users.resolveId(userId);
    const erasesAt = await this.erasures.eraseFor(currentId, reason, isNow, forfeit);
    return { userId: currentId, erasesAt };
  }

  /** @throws AppError as `ErasureWithdrawal.cancel` */
  async cancelErasure(userId: string, reason: string): Promise<ChangedErasure> {
    const currentId = await this.users.resolveId(userId);
    await this.withdrawal.cancel(currentId, reason);
    return { userId: currentId, erasesAt: null };
  }

  /** @returns the text of the document, piece by piece. @throws AppError user.not_found */
  async export(userId: string, reason: string): Promise<AsyncGenerator<string>> {
    return this.exports.exportFor(await this.users.resolveId(userId), reason);
  }
}
