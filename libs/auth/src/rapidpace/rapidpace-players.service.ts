import { Injectable } from '@nestjs/common';
import type { VerifiedSignIn } from '../doors/door';
import { Newcomers } from '../sign-in/newcomers';

export interface RegisteredPlayer {
  readonly userId: string;
  readonly isNew: boolean;
}

/** Players that Rapidpace registers. They are signed in by a link, not by this. */
@Injectable()
export class RapidpacePlayers {
  constructor(private readonly newcomers: Newcomers) {}

  /**
   * Creates the player unless somebody has the Telegram id already. Repeated, it writes nothing.
   * @throws AppError user.deactivated
   */
  async register({ proof, application, spend }: VerifiedSignIn): Promise<RegisteredPlayer> {
    // Nobody checked the age of the call, so its date says nothing.
    return this.newcomers.getOrCreate(application, { ...proof, madeAt: null }, spend);
  }
}
