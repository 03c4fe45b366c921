import type { AppError } from '@countersign/errors';
import { withParameters } from '@countersign/http';

/** The end of a sign-in by redirect, as the application requested it. */
export interface LandingPage {
  readonly redirectUri: string;
  readonly clientState: string | null;
}

/** The page with a one-time code. */
export function landingWithCode(page: LandingPage, code: string): string {
  return landing(page, { code });
}

/** The page with an error as in RFC 6749, section 4.1.2.1, and our own code as its description. */
export function landingWithError(page: LandingPage, error: AppError): string {
  return landing(page, { error: wordFor(error), error_description: error.code });
}

function landing(
  { redirectUri, clientState }: LandingPage,
  parameters: Readonly<Record<string, string>>,
): string {
  return withParameters(redirectUri, {
    ...parameters,
    ...(clientState === null ? {} : { state: clientState }),
  });
}

function wordFor({ code, kind }: AppError): string {
  if (code === 'oidc.login_declined') return 'access_denied';
  return kind === 'unavailable' ? 'temporarily_unavailable' : 'server_error';
}
