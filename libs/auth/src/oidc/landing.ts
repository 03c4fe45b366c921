import type { AppError } from '@countersign/errors';

/** Where a sign-in by redirect ends, as the application asked for it. */
export interface LandingPage {
  readonly redirectUri: string;
  readonly clientState: string | null;
}

/** The page with a one-time code. */
export function landingWithCode(page: LandingPage, code: string): string {
  return withParameters(page, { code });
}

/** The page with an error in the words of RFC 6749, section 4.1.2.1, and the code of ours as its description. */
export function landingWithError(page: LandingPage, error: AppError): string {
  return withParameters(page, { error: wordFor(error), error_description: error.code });
}

/** Keeps the query of the page as it is written. */
function withParameters(
  { redirectUri, clientState }: LandingPage,
  parameters: Readonly<Record<string, string>>,
): string {
  const added = new URLSearchParams({
    ...parameters,
    ...(clientState === null ? {} : { state: clientState }),
  });
  const url = new URL(redirectUri);
  url.search = [url.search, added.toString()].join(url.search === '' ? '?' : '&');
  return url.href;
}

function wordFor({ code, kind }: AppError): string {
  if (code === 'oidc.login_declined') return 'access_denied';
  return kind === 'unavailable' ? 'temporarily_unavailable' : 'server_error';
}
