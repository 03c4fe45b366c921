import { sha256 } from '@countersign/crypto';
import { htmlPage } from '@countersign/http';

/** The page of an interaction. Its cookie is its id, which a log of paths must not have. */
export function loginPath(id: string): string {
  return `/oidc/sign-in/${sha256(id).toString('hex').slice(0, 32)}`;
}

/** What its browser alone knows, and derives from it for a purpose. */
export function secretOf(id: string, purpose: string): string {
  return sha256(`${purpose} ${id}`).toString('base64url');
}

/** @param body as HTML @param script the name of its file */
export function page(title: string, body: string, script?: string): string {
  const at = '/oidc/files/';
  return htmlPage(title, body, { style: `${at}login.css`, script: script && at + script });
}
