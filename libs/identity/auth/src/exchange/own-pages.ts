/** The page on which a person lets an application use a wallet. */
export const PERMISSION_PATH = '/v1/wallets/permission';

/** Whether a login ends at a page of this service, which names what it is for. */
export function isOwnPage(redirectUri: string): boolean {
  return new URL(redirectUri).pathname === PERMISSION_PATH;
}
