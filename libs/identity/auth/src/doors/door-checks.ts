import { Injectable } from '@nestjs/common';
import { AllowedOrigins } from '@countersign/applications';
import { assertAllowed, RateLimits } from '@countersign/limits';
import { DeviceKeys, type ShownProof } from '@countersign/sessions';
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
  constructor(
    private readonly origins: AllowedOrigins,
    private readonly deviceKeys: DeviceKeys,
    private readonly limits: RateLimits,
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
   * key. Keys are free, so all keys of a person share one count with sign-ins without a key.
   * @throws AppError request.rate_limited, dpop.proof_repeated
   */
  async count({ proof, application, deviceProof }: VerifiedSignIn): Promise<void> {
    const person = [application.id, proof.provider, proof.environment, proof.subject];
    const rule = { name: 'sign-in', ...application.settings.rateLimits.signIn };
    assertAllowed(await this.limits.consume(rule, person));
    if (deviceProof) await this.deviceKeys.consume(deviceProof);
  }
}
