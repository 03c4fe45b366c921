import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { rapidpaceLinkRefusals } from '@countersign/rapidpace';
import {
  accepted,
  doorCodes,
  type DoorDeclaration,
  type PastedProof,
  pastedQuery,
  Strategy,
  type VerifiedSignIn,
} from '@countersign/auth';
import { applicationIdOf } from './rapidpace-hmac.strategy';
import { frontUrlOf } from './rapidpace-links.service';
import { RapidpaceVerifier } from './rapidpace-verifier';

/** A login link. */
interface SignedQuery {
  readonly applicationId: string;
  /** The text behind `?`, not decoded. */
  readonly query: string;
}

/** The query of a login link. */
@Injectable()
export class RapidpaceLinkStrategy extends Strategy {
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

  constructor(private readonly verifier: RapidpaceVerifier) {
    super();
  }

  /** From the URL: the documented form is a single key, which the framework parses differently. */
  presentedBy(request: FastifyRequest): SignedQuery {
    const { url } = request;
    const mark = url.indexOf('?');
    const query = mark === -1 ? '' : url.slice(mark + 1);
    return { applicationId: applicationIdOf(request), query };
  }

  fromPasted({ applicationId, text }: PastedProof): SignedQuery {
    return { applicationId, query: pastedQuery(text) };
  }

  /** @throws AppError rapidpace.not_configured when there is no front URL */
  async open({ applicationId, query }: SignedQuery): Promise<VerifiedSignIn> {
    const verified = accepted(await this.verifier.verifyLink(applicationId, query));
    frontUrlOf(verified.application);
    return verified;
  }
}
