import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { AllowedOrigins } from '@countersign/applications';
import { Database } from '@countersign/database';
import { assertAllowed, RateLimits, type Verdict } from '@countersign/limits';
import { DeviceKeys, dpopError, SessionsService, type ShownProof } from '@countersign/sessions';
import { UsersService } from '@countersign/users';
import type { Door, VerifiedSignIn } from './door';

/** What a call of another protocol shows to a door. */
interface DoorValues<Presented = unknown> {
  /** What the door reads, such as a JSON body. */
  readonly presented: Presented;
  /** The header `Origin`, which pages send. */
  readonly origin: string | undefined;
  /** The header `DPoP`, with the method and the URI of the call. */
  readonly dpop: ShownProof;
}

/** The checks of every door besides its proof: origin, device key, limits. */
@Injectable()
export class DoorChecks {
  /**
   * By person and application, the device keys that live sessions are bound to. Read only when a limit is reached, and a session
   * newer than the cached result does not matter within this time.
   */
  private readonly boundKeys = new LRUCache<string, ReadonlySet<string>, VerifiedSignIn>({
    max: 1_000,
    ttl: 5_000,
    fetchMethod: (_name, _stale, { context }) => this.readBoundKeys(context),
  });

  constructor(
    private readonly origins: AllowedOrigins,
    private readonly deviceKeys: DeviceKeys,
    private readonly limits: RateLimits,
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly sessions: SessionsService,
  ) {}

  /** Uses nothing up, except for a challenge. @throws AppError with the code of the first rule that fails */
  async verify<Presented>(
    door: Door<Presented>,
    { presented, origin, dpop }: DoorValues<Presented>,
  ): Promise<VerifiedSignIn> {
    return this.check(await door.open(presented), origin, dpop);
  }

  /**
   * What follows a verified proof.
   * @param dpop `null` where no session is opened
   * @throws AppError request.origin_not_allowed, dpop.*
   */
  async check(
    verified: VerifiedSignIn,
    origin: string | undefined,
    dpop: ShownProof | null,
  ): Promise<VerifiedSignIn> {
    await this.origins.assertAllowed(verified.application.id, origin);
    if (dpop === null) return verified;
    const deviceProof = await this.deviceKeys.atSignIn(dpop, verified.application);
    return deviceProof ? { ...verified, deviceKeyThumbprint: deviceProof.thumbprint, deviceProof } : verified;
  }

  /**
   * Counts a verified sign-in per person and application, before anything is written. Then it uses up the proof of the device
   * key.
   * @throws AppError request.rate_limited, dpop.proof_repeated
   */
  async count(signIn: VerifiedSignIn): Promise<void> {
    assertAllowed(await this.countPerson(signIn));
    if (signIn.deviceProof) await this.deviceKeys.consume(signIn.deviceProof);
  }

  /**
   * Keys are free, so all keys of a person share one count with sign-ins without a key. A stolen proof can
   * exhaust that count, so a key that a live session of the person is bound to has a count of its own.
   */
  private async countPerson(signIn: VerifiedSignIn): Promise<Verdict> {
    const { proof, application, deviceProof } = signIn;
    const person = [application.id, proof.provider, proof.environment, proof.subject];
    const rule = { name: 'sign-in', ...application.settings.rateLimits.signIn };
    const together = await this.limits.consume(rule, [...person, '']);
    if (together.isAllowed || !deviceProof) return together;
    const { thumbprint } = deviceProof;
    const bound = await this.boundKeys.fetch(JSON.stringify(person), { context: signIn });
    if (!bound?.has(thumbprint)) return together;
    // A repeated proof is not the owner's, so it must not use the owner's count.
    if (await this.deviceKeys.isConsumed(deviceProof)) throw dpopError('dpop.proof_repeated');
    return this.limits.consume(rule, [...person, thumbprint]);
  }

  private async readBoundKeys({ proof, application }: VerifiedSignIn): Promise<ReadonlySet<string>> {
    const known = await this.users.findByClaim(proof);
    if (!known) return new Set();
    return new Set(
      await this.database.read((manager) =>
        this.sessions.deviceKeysOf(manager, known.userId, application.id),
      ),
    );
  }
}
