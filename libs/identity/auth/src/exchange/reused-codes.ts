import { Injectable } from '@nestjs/common';
import { Database } from '@countersign/database';
import { SessionsService } from '@countersign/sessions';
import type { VerifiedProof } from '../proof/verified-proof';
import { ProofsRepository } from '../replay/proofs.repository';

/**
 * Ends the session that a one-time code opened, when the code comes again: one of the two who presented it may have stolen
 * it, and the first may be the thief (RFC 6749 section 4.1.2, RFC 9700 section 2.1.1).
 */
@Injectable()
export class ReusedCodes {
  constructor(
    private readonly database: Database,
    private readonly proofs: ProofsRepository,
    private readonly sessions: SessionsService,
  ) {}

  /** Does nothing when the proof of the code was used up inside a session, or the session has ended. */
  async endSessionOf(proof: VerifiedProof): Promise<void> {
    const ended = await this.database.transaction(async (tx) => {
      const answered = await this.proofs.lock(tx, proof);
      if (!answered?.secretDigest) return [];
      return this.sessions.end(tx, { ids: [answered.sessionId] }, 'code-reuse', { by: 'system' });
    });
    this.sessions.forget(ended);
  }
}
