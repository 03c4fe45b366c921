import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels } from '@nestjs/swagger';
import type { AppError } from '@countersign/errors';
import { OAuthProblemResponse } from './oauth-problem.dto';
import { challengeOf, toProblem, type Problem } from './problem';
import { AddRouteConfig } from '../routes/route-config';

declare module 'fastify' {
  interface FastifyContextConfig {
    speaksOAuth?: boolean;
  }
}

/**
 * For a route of an OAuth standard: it accepts forms instead of JSON, and its errors also have the OAuth
 * members.
 */
export function SpeaksOAuth(): MethodDecorator {
  return applyDecorators(AddRouteConfig({ speaksOAuth: true }), ApiExtraModels(OAuthProblemResponse));
}

/** OAuth clients read errors in this media type only. */
export const OAUTH_MEDIA_TYPE = 'application/json; charset=utf-8';

/** A problem with the two members of RFC 6749 section 5.2. */
export interface OAuthProblem extends Problem {
  readonly error: string;
  readonly error_description: string;
}

const errors: Readonly<Record<number, string>> = {
  401: 'invalid_client',
  429: 'temporarily_unavailable',
  500: 'server_error',
  503: 'temporarily_unavailable',
};

/** RFC 6749 appendix A.8. */
const NOT_IN_DESCRIPTION = /[^\x20-\x21\x23-\x5b\x5d-\x7e]/g;

/** Errors without a standard code become `invalid_request`. */
export function toOAuthProblem(error: AppError, requestId: string): OAuthProblem {
  const problem = toProblem(error, requestId);
  const { status, detail } = problem;
  const challenge = challengeOf(error);
  const word = challenge?.scheme === 'DPoP' ? challenge.error : errors[status];
  return {
    error: error.definition.oauthCode ?? word ?? 'invalid_request',
    error_description: detail.replaceAll(NOT_IN_DESCRIPTION, "'"),
    ...problem,
  };
}
