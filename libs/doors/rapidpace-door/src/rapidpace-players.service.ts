import { Injectable } from '@nestjs/common';
import { NewUsers, type VerifiedSignIn } from '@countersign/auth';

interface RegisteredPlayer {
  readonly userId: string;
  readonly isNew: boolean;
}

/** Players that Rapidpace registers. Only a link signs them in. */
@Injectable()
export class RapidpacePlayers {
  constructor(private readonly newUsers: NewUsers) {}

  /**
   * Creates the player unless an account has the Telegram id already. Idempotent.
   * @throws AppError user.deactivated
   */
  async register(verified: VerifiedSignIn): Promise<RegisteredPlayer> {
    // The age of the call was not checked, so its date is ignored.
    return this.newUsers.getOrCreate({ ...verified, proof: { ...verified.proof, madeAt: null } });
  }
}
