import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { rapidpaceBodyRefusals } from '@countersign/rapidpace';
import {
  accepted,
  doorCodes,
  type DoorDeclaration,
  type PastedProof,
  Strategy,
  type VerifiedSignIn,
} from '@countersign/auth';
import { RapidpaceVerifier } from './rapidpace-verifier';

/** A registration call as it was received. */
interface SignedBody {
  readonly applicationId: string;
  readonly text: string;
  readonly hmac: string | undefined;
}

/** The signed body of a registration call. It opens no session. */
@Injectable()
export class RapidpaceHmacStrategy extends Strategy {
  static readonly declaration: DoorDeclaration = {
    name: 'rapidpace-hmac',
    operation: {
      operationId: 'registerRapidpacePlayer',
      summary: 'Register a player of Rapidpace',
      description: 'Called by Rapidpace; idempotent. Opens no session. See docs/rapidpace.md.',
    },
    codes: [
      ...doorCodes,
      'rapidpace.not_configured',
      'user.deactivated',
      ...Object.keys(rapidpaceBodyRefusals),
    ],
    refusals: 'sign-in',
    explain: { input: 'rapidpace-body', options: ['hmac'] },
  };

  constructor(private readonly verifier: RapidpaceVerifier) {
    super();
  }

  presentedBy(request: FastifyRequest): SignedBody {
    const hmac = request.headers['x-urm-hmac'];
    return {
      applicationId: applicationIdOf(request),
      text: request.bodyText ?? '',
      hmac: typeof hmac === 'string' ? hmac : undefined,
    };
  }

  fromPasted({ applicationId, text, option }: PastedProof): SignedBody {
    return { applicationId, text, hmac: option('hmac') };
  }

  async open({ applicationId, text, hmac }: SignedBody): Promise<VerifiedSignIn> {
    return accepted(await this.verifier.verifyPlayer(applicationId, text, hmac));
  }
}

/** The application that the path names. */
export function applicationIdOf({ params }: FastifyRequest): string {
  return (params as { readonly applicationId: string }).applicationId;
}
