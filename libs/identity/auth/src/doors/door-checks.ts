import { Injectable } from '@nestjs/common';
import { AllowedOrigins } from '@countersign/applications';
import { DeviceKeys, type ShownProof } from '@countersign/sessions';
import type { Door, VerifiedSignIn } from './door';
import { SignInLimits, type NoteVerdict } from './sign-in-limits';

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
    private readonly limits: SignInLimits,
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
   * Counts a verified sign-in, before anything is spent or written.
   * @param note gets each limit that the client may know of
   * @throws AppError request.rate_limited, dpop.proof_repeated
   */
  count(signIn: VerifiedSignIn, note: NoteVerdict): Promise<void> {
    return this.limits.countSignIn(signIn, note);
  }
}
