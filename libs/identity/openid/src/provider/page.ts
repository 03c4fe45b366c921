import type { FastifyRequest } from 'fastify';
import { readCookie } from '@countersign/admin';
import { readBrowserCookie } from '@countersign/auth';
import { sha256 } from '@countersign/crypto';
import { htmlPage } from '@countersign/http';

/** The reason of an interaction whose person has not seen the client in its present form. */
export const UNSEEN = 'client_unseen';

/** The path has a digest, because the interaction's id is its cookie, which a log of paths must not contain. */
export function loginPath(id: string): string {
  return `/oidc/sign-in/${sha256(id).toString('hex').slice(0, 32)}`;
}

/** Whether this browser began the interaction. Another host of its domain can plant the library's cookie. */
export function hasBegun({ headers }: FastifyRequest, cookie: string): boolean {
  return readBrowserCookie(headers.cookie, readCookie(headers.cookie, cookie) ?? '') !== null;
}

/** Derives a secret for a purpose. Only the browser knows the id. */
export function secretOf(id: string, purpose: string): string {
  return sha256(`${purpose} ${id}`).toString('base64url');
}

/** @param title as HTML @param body as HTML @param script the name of its file */
export function page(title: string, body: string, script?: string): string {
  const at = '/oidc/files/';
  return htmlPage(title, body, { style: `${at}login.css`, script: script && at + script });
}
