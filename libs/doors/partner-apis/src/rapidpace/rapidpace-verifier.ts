import { Injectable } from '@nestjs/common';
import { isUUID } from 'class-validator';
import { applicationError, ApplicationsService, type Application } from '@countersign/applications';
import type { EntityManager } from 'typeorm';
import { Clock, plusSeconds } from '@countersign/runtime';
import type { Result } from '@countersign/text';
import {
  isCampaignParameter,
  isInFuture,
  parsePlayerBody,
  parseRedirectQuery,
  readLinkAge,
  verifyRecord,
  type RapidpaceRecord,
  type RapidpaceRefusal,
  type VerifiedRapidpacePlayer,
} from '@countersign/proofs';
import {
  type VerifiedSignIn,
  proofIdOf,
  type VerifiedProof,
  assertNotOutdated,
  isOutdated,
  authError,
  ProofsRepository,
  RedirectCodes,
} from '@countersign/auth';
import { UsersService, type FoundUser } from '@countersign/users';
import { withParameters } from '@countersign/http';
import { rapidpaceError } from './rapidpace.errors';
import { REGISTRATION_SECONDS, RegistrationsRepository } from './registrations.repository';
import { RapidpaceSecrets, type RapidpaceKey } from './secrets/rapidpace-secrets';
import { rapidpaceSettings, rapidpaceMethods, rapidpacePreset } from './rapidpace.feature';

/** The maximum age of a link if its player is not registered, in seconds. */
const MAX_LINK_AGE_SECONDS = 86_400;

@Injectable()
export class RapidpaceVerifier {
  constructor(
    private readonly applications: ApplicationsService,
    private readonly secrets: RapidpaceSecrets,
    private readonly codes: RedirectCodes,
    private readonly proofs: ProofsRepository,
    private readonly users: UsersService,
    private readonly registrations: RegistrationsRepository,
    private readonly clock: Clock,
  ) {}

  /** Verifies a registration call. The call opens no session, so its age is not checked. */
  async verifyPlayer(applicationId: string, body: string, hmac: string | undefined): Promise<VerifiedSignIn> {
    const record = required(parsePlayerBody(body));
    const { application, keys } = await this.getTarget(applicationId);
    return this.verify(application, keys, record, hmac);
  }

  /**
   * Records the registration of a player, whose year begins again at each /start. A thief can repeat old calls, so only
   * the signed date of a call counts. The call that creates the account counts from the current time.
   */
  async register(tx: EntityManager, { proof }: VerifiedSignIn, user: FoundUser): Promise<void> {
    const now = this.clock.now();
    const { applicationId, madeAt } = proof;
    const isDated = madeAt !== null && !isInFuture(madeAt, now);
    if (!user.isNew && !isDated) return;
    const registeredAt = user.isNew ? now : (madeAt ?? now);
    await this.registrations.register(tx, user, { applicationId, registeredAt });
  }

  /** @param rawQuery the text after `?`, not decoded */
  async verifyLink(applicationId: string, rawQuery: string): Promise<VerifiedSignIn> {
    const { record, hmac } = required(parseRedirectQuery(rawQuery));
    const { application, keys } = await this.getTarget(applicationId);
    const { presets } = application.settings;
    const { undatedLinks: undated } = rapidpaceSettings.of(application.settings);
    const verified = this.verify(application, keys, record, hmac, isCampaignParameter);
    const { proof } = verified;
    const isRegistered =
      proof.madeAt !== null && presets.includes(rapidpacePreset.name) && (await this.isRegistered(proof));
    const maxAgeSeconds = isRegistered ? null : MAX_LINK_AGE_SECONDS;
    required(readLinkAge(proof.madeAt, { now: this.clock.now(), maxAgeSeconds, undated }));
    return { ...verified, proof: { ...proof, lasts: isRegistered ? 'registered' : 'briefly' } };
  }

  /** Returns the front URL of the application with a one-time code. It contains nothing of the link. */
  async follow({ proof, application, consume }: VerifiedSignIn): Promise<string> {
    await this.assertGood(proof);
    return withParameters(frontUrlOf(application), { code: await this.codes.issue(proof, null, consume) });
  }

  /** Refuses a link early, because behind the redirect its player sees only an error of the game. */
  private async assertGood(proof: VerifiedProof): Promise<void> {
    if (proof.madeAt === null) return;
    assertNotOutdated(proof.madeAt, await this.users.notBeforeOf(proof));
    if (await this.proofs.isBarred(proof)) throw authError('auth.proof_used');
  }

  /** Whether the player was registered within a year, and has not ended all sessions since then. */
  private async isRegistered(proof: VerifiedProof): Promise<boolean> {
    const player = await this.users.findByClaim(proof);
    if (!player) return false;
    const { identityId, authNotBefore } = player;
    const registeredAt = await this.registrations.find({ identityId, applicationId: proof.applicationId });
    const isRecent =
      registeredAt !== null && plusSeconds(registeredAt, REGISTRATION_SECONDS) >= this.clock.now();
    return isRecent && !isOutdated(registeredAt, authNotBefore);
  }

  private verify(
    application: Application,
    keys: readonly RapidpaceKey[],
    record: RapidpaceRecord,
    hmac: string | undefined,
    isUnsigned?: (key: string) => boolean,
  ): VerifiedSignIn {
    const all = keys.map(({ key }) => key);
    const verifiedBy = (some: typeof all): Result<VerifiedRapidpacePlayer, RapidpaceRefusal> =>
      verifyRecord(record, hmac, some, isUnsigned);
    const player = required(verifiedBy(all));
    // There is one signer, unless an operator added its secret twice.
    const signers = keys.filter(({ key }) => verifiedBy([key]).ok);
    const consume = async (tx: EntityManager): Promise<void> => {
      const locked = await this.secrets.lockAll(tx, application.id);
      if (locked.length === 0) throw rapidpaceError('rapidpace.not_configured');
      if (!signers.some(({ secretId }) => locked.includes(secretId)))
        throw rapidpaceError('rapidpace.hmac_mismatch');
    };
    return { proof: proofOf(application.id, player), application, consume };
  }

  private async getTarget(applicationId: string) {
    if (!isUUID(applicationId)) throw applicationError('application.not_found');
    const application = await this.applications.getById(applicationId);
    const keys = await this.secrets.keysOf(application);
    if (keys.length === 0) throw rapidpaceError('rapidpace.not_configured');
    return { application, keys };
  }
}

/** The proof is a vendor's assertion, so its profile data are only hints. */
function proofOf(applicationId: string, player: VerifiedRapidpacePlayer): VerifiedProof {
  const { telegramId, firstName, lastName, username, languageCode, authDate, canonical, signature } = player;
  const platform = { provider: 'telegram', environment: 'production' } as const;
  return {
    ...platform,
    subject: telegramId,
    applicationId,
    botId: null,
    botRowId: null,
    profile: {},
    hints: { firstName, lastName, username, languageCode },
    alias: null,
    madeAt: authDate,
    startParam: null,
    proofId: proofIdOf({
      ...platform,
      botId: `rapidpace:${applicationId}`,
      // The signature has only one spelling. With the signature, a record that is signed with the next secret is a new
      // proof. This matters for an undated record, which never changes.
      fields: [
        ['canonical', canonical],
        ['x-urm-hmac', Buffer.from(signature).toString('base64')],
      ],
    }),
    secret: Buffer.from(signature),
    assurance: 'vendor',
    door: rapidpaceMethods.link,
  };
}

function required<T>(result: Result<T, RapidpaceRefusal>): T {
  if (!result.ok) throw rapidpaceError(result.code);
  return result.value;
}

export function frontUrlOf({ settings }: Application): string {
  const { frontUrl } = rapidpaceSettings.of(settings);
  if (frontUrl === undefined) throw rapidpaceError('rapidpace.not_configured');
  return frontUrl;
}
