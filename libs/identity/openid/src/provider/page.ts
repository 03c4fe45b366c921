import type { FastifyRequest } from 'fastify';
import { readCookie } from '@countersign/admin';
import { readBrowserCookie } from '@countersign/auth';
import { sha256 } from '@countersign/crypto';
import { htmlPage } from '@countersign/http';

/** The reason of an interaction whose person has not seen the client as it is now. */
export const UNSEEN = 'client_unseen';

/** The page of an interaction. Its cookie is its id, which a log of paths must not have. */
export function loginPath(id: string): string {
  return `/oidc/sign-in/${sha256(id).toString('hex').slice(0, 32)}`;
}

/** Whether a browser began the interaction of a cookie of the library, which another host of its domain can plant. */
export function hasBegun({ headers }: FastifyRequest, cookie: string): boolean {
  return readBrowserCookie(headers.cookie, readCookie(headers.cookie, cookie) ?? '') !== null;
}

/** What its browser alone knows, and derives from it for a purpose. */
export function secretOf(id: string, purpose: string): string {
  return sha256(`${purpose} ${id}`).toString('base64url');
}

/** @param title as HTML @param body as HTML @param script the name of its file */
export function page(title: string, body: string, script?: string): string {
  const at = '/oidc/files/';
  return htmlPage(title, body, { style: `${at}login.css`, script: script && at + script });
}
