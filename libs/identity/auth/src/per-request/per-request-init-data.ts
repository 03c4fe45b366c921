import { Injectable } from '@nestjs/common';
import { isUUID } from 'class-validator';
import { LRUCache } from 'lru-cache';
import { AllowedOrigins, ApplicationsService, type Bot } from '@countersign/applications';
import { Clock, earliest, plusSeconds } from '@countersign/runtime';
import { sha256 } from '@countersign/crypto';
import {
  VerifiesRequests,
  type Access,
  type RequestCredentials,
  type ShownInitData,
  deviceKeySettings,
} from '@countersign/sessions';
import { isFirstProof, userError, UsersService, weakestOf, type KnownPerson } from '@countersign/users';
import { authError } from '../auth.errors';
import { accepted, assertReliable } from '../doors/door';
import { NewUsers } from '../sign-in/new-users';
import { PendingErasures } from '../sign-in/pending-erasures';
import { assertNotOutdated, isOfAllowedBot, type VerifiedProof } from '../proof/verified-proof';
import { SignInHooks } from '../sign-in/sign-in-hooks';
import { InitDataVerifier } from '../telegram/init-data-verifier';
import { perRequestSettings } from '../auth.feature';

const MAX_VERIFIED = 10_000;
const VERIFIED_SECONDS = 60;
const MAX_AGE_SECONDS = 86_400;

interface Verified {
  readonly proof: VerifiedProof;
  /** The list is another object once a bot has changed. */
  readonly bots: readonly Bot[];
  readonly until: Date;
}

/**
 * `Authorization: tma <init data>`: init data as the credential of one request. It opens no session and consumes
 * nothing, so it has its own age limit, and "end all sessions" invalidates it.
 * @see https://docs.openweb3.io/reference/launch-parameters, "Sending to Server"
 */
@Injectable()
@VerifiesRequests()
export class PerRequestInitData implements RequestCredentials {
  /** The key is the application and the digest of the init data. */
  private readonly verified = new LRUCache<string, Verified>({ max: MAX_VERIFIED });

  constructor(
    private readonly applications: ApplicationsService,
    private readonly origins: AllowedOrigins,
    private readonly verifier: InitDataVerifier,
    private readonly newUsers: NewUsers,
    private readonly users: UsersService,
    private readonly erasures: PendingErasures,
    private readonly hooks: SignInHooks,
    private readonly clock: Clock,
  ) {}

  async authenticate({ initData, applicationId, origin }: ShownInitData): Promise<Access> {
    if (typeof applicationId !== 'string' || !isUUID(applicationId))
      throw authError('auth.application_missing');
    const application = await this.applications.getById(applicationId.toLowerCase());
    const { settings } = application;
    // Init data is a bearer credential, so it is refused if the application requires device keys.
    if (!perRequestSettings.of(settings).accept || deviceKeySettings.of(settings).required)
      throw authError('auth.per_request_refused');

    const maxAge = Math.min(settings.initDataMaxAge, MAX_AGE_SECONDS);
    const proof = await this.identify(application.id, initData, maxAge);
    const signIn = accepted({ application, proof });
    await this.origins.assertAllowed(application.id, origin);
    const known = await this.users.findByClaim(proof);
    if (known) assertCounts(known, proof);
    else assertNotOutdated(proof.madeAt, await this.users.notBeforeOf(proof));
    if (known) await this.erasures.assertOpen(known);
    const hasHook = known?.lastSeenOn === null && this.hooks.anyAppliesTo(signIn, true);
    const isPlainVisit = known && !isFirstProof(known, proof) && !hasHook;
    const person = isPlainVisit ? known : await this.newUsers.visit(signIn);
    assertCounts(person, proof);
    const assurance = weakestOf(proof.assurance, person.cap);
    assertReliable(application, { assurance });
    await this.users.noteVisit({ user: person, applicationId: application.id });
    const authenticatedAt = proof.madeAt ?? this.clock.now();
    const expiresAt = plusSeconds(authenticatedAt, maxAge);
    const principal = {
      sessionId: '',
      userId: person.userId,
      applicationId: application.id,
      identityId: person.identityId,
      assurance,
      isOfAllowedBot: isOfAllowedBot(proof),
      door: proof.door,
      authenticatedAt,
      scopes: application.settings.scopes,
    };
    return { principal, deviceKeyThumbprint: null, expiresAt, idleExpiresAt: expiresAt };
  }

  /** Verifies the signature once a minute. The age and the state of the bots count at each request. */
  private async identify(applicationId: string, initData: string, maxAge: number): Promise<VerifiedProof> {
    const key = `${applicationId} ${sha256(initData).toString('base64')}`;
    const { bots } = await this.applications.getBots(applicationId);
    const now = this.clock.now();
    const known = this.verified.get(key);
    const madeAt = known?.proof.madeAt;
    if (known?.bots === bots && known.until > now && madeAt && plusSeconds(madeAt, maxAge) >= now)
      return known.proof;
    const proof = await this.verifier.identify(applicationId, initData, maxAge);
    const ends = bots.flatMap(({ priorTokenExpiresAt: end }) => (end && end > now ? [end] : []));
    this.verified.set(key, { proof, bots, until: earliest(plusSeconds(now, VERIFIED_SECONDS), ...ends) });
    return proof;
  }
}

function assertCounts(
  { status, authNotBefore }: Pick<KnownPerson, 'status' | 'authNotBefore'>,
  { madeAt }: VerifiedProof,
): void {
  if (status !== 'active') throw userError('user.deactivated');
  // A repeated proof needs a date.
  if (authNotBefore && !madeAt) throw authError('auth.proof_outdated');
  assertNotOutdated(madeAt, authNotBefore);
}
