import { Injectable } from '@nestjs/common';
import { rapidpaceBodyRefusals, rapidpaceLinkRefusals } from '@countersign/proofs';
import {
  accepted,
  doorCodes,
  type DoorDeclaration,
  type ExplainedDoor,
  type PastedProof,
  type VerifiedSignIn,
  pastedQuery,
} from '@countersign/auth';
import { RapidpaceVerifier, frontUrlOf } from './rapidpace-verifier';

interface SignedBody {
  readonly applicationId: string;
  readonly text: string;
  readonly hmac: string | undefined;
}

@Injectable()
export class RapidpaceHmacDoor implements ExplainedDoor<SignedBody> {
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

  constructor(private readonly verifier: RapidpaceVerifier) {}

  fromPasted({ applicationId, text, option }: PastedProof): SignedBody {
    return { applicationId, text, hmac: option('hmac') };
  }

  async open({ applicationId, text, hmac }: SignedBody): Promise<VerifiedSignIn> {
    return accepted(await this.verifier.verifyPlayer(applicationId, text, hmac));
  }
}

interface SignedQuery {
  readonly applicationId: string;
  /** The text after `?`, not decoded. */
  readonly query: string;
}

@Injectable()
export class RapidpaceLinkDoor implements ExplainedDoor<SignedQuery> {
  static readonly declaration: DoorDeclaration = {
    name: 'rapidpace-link',
    operation: {
      operationId: 'followRapidpaceLink',
      summary: 'Sign in with a login link of Rapidpace',
      description:
        'Opened by the player’s browser. The query is the signed record with `x-urm-hmac`, in any of the spellings that ' +
        'docs/rapidpace.md names. The page that the browser is sent to exchanges `code` for tokens.',
    },
    codes: [
      ...doorCodes,
      'auth.proof_outdated',
      'auth.proof_used',
      'rapidpace.not_configured',
      ...Object.keys(rapidpaceLinkRefusals),
    ],
    refusals: 'link',
    metric: 'rapidpace_link',
    explain: { input: 'rapidpace-link', options: [] },
  };

  constructor(private readonly verifier: RapidpaceVerifier) {}

  fromPasted({ applicationId, text }: PastedProof): SignedQuery {
    return { applicationId, query: pastedQuery(text) };
  }

  async open({ applicationId, query }: SignedQuery): Promise<VerifiedSignIn> {
    const verified = accepted(await this.verifier.verifyLink(applicationId, query));
    frontUrlOf(verified.application);
    return verified;
  }
}
