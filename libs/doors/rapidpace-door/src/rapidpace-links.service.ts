import { Injectable } from '@nestjs/common';
import type { Application } from '@countersign/applications';
import { Database } from '@countersign/database';
import { UsersService } from '@countersign/users';
import {
  assertNotOutdated,
  authError,
  ProofsRepository,
  RedirectCodes,
  type VerifiedProof,
  type VerifiedSignIn,
} from '@countersign/auth';
import { withParameters } from '@countersign/http';
import { rapidpaceError } from './rapidpace.errors';

/** Verified login links. */
@Injectable()
export class RapidpaceLinks {
  constructor(
    private readonly codes: RedirectCodes,
    private readonly proofs: ProofsRepository,
    private readonly users: UsersService,
    private readonly database: Database,
  ) {}

  /**
   * Where to redirect the browser: the front URL of the application, with a one-time code and nothing of the
   * link.
   * @throws AppError rapidpace.not_configured, rapidpace.hmac_mismatch when the secret was removed meanwhile,
   * auth.proof_used, auth.proof_outdated
   */
  async follow({ proof, application, consume }: VerifiedSignIn): Promise<string> {
    await this.assertGood(proof);
    return withParameters(frontUrlOf(application), { code: await this.codes.issue(proof, null, consume) });
  }

  /** Before the browser is sent on, where its player would only see the error of a game. The exchange decides. */
  private async assertGood(proof: VerifiedProof): Promise<void> {
    if (proof.madeAt === null) return;
    await this.database.read(async (manager) => {
      const owner = await this.users.findByClaim(proof, manager);
      assertNotOutdated(proof.madeAt, owner?.authNotBefore ?? null);
      if (await this.proofs.isBarred(manager, proof)) throw authError('auth.proof_used');
    });
  }
}

/** @throws AppError rapidpace.not_configured */
export function frontUrlOf({ settings }: Application): string {
  const { frontUrl } = settings.rapidpace;
  if (frontUrl === undefined) throw rapidpaceError('rapidpace.not_configured');
  return frontUrl;
}
