import type { DpopExpectation } from '../../src/dpop/verify-dpop-proof';

const REQUEST = {
  method: 'POST',
  uri: 'https://id.example/v1/auth/refresh',
  at: new Date('2026-02-14T12:00:00Z'),
} as const;

/** One request as the device proves it and as the verifier expects it. */
export function aRequest() {
  const expected: DpopExpectation = {
    method: REQUEST.method,
    uri: REQUEST.uri,
    accessToken: null,
    now: REQUEST.at,
    maxAgeSeconds: 60,
    futureSeconds: 5,
  };
  return { request: REQUEST, expected };
}

/** That many seconds after the request. */
export function later(seconds: number): Date {
  return new Date(REQUEST.at.getTime() + seconds * 1000);
}
