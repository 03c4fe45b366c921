interface CountedDoor {
  readonly method: string;
  readonly route: string;
  /** The label. */
  readonly door: string;
  /** How a success is called: a redirect signs nobody in yet, the code that it ends in is exchanged for tokens. */
  readonly success: 'signed_in' | 'sent_on';
}

/** The routes that sign somebody in. */
export const countedDoors: readonly CountedDoor[] = [
  { method: 'POST', route: '/v1/auth/telegram/init-data', door: 'telegram_init_data', success: 'signed_in' },
  {
    method: 'POST',
    route: '/v1/auth/telegram/third-party-init-data',
    door: 'telegram_third_party_init_data',
    success: 'signed_in',
  },
  {
    method: 'POST',
    route: '/v1/auth/telegram/login-widget',
    door: 'telegram_login_widget',
    success: 'signed_in',
  },
  { method: 'GET', route: '/v1/auth/telegram/oidc/callback', door: 'telegram_oidc', success: 'sent_on' },
  { method: 'POST', route: '/v1/auth/openweb3/init-data', door: 'openweb3_init_data', success: 'signed_in' },
  {
    method: 'GET',
    route: '/v1/rapidpace/:applicationId/redirect',
    door: 'rapidpace_link',
    success: 'sent_on',
  },
  { method: 'POST', route: '/v1/auth/exchange', door: 'exchange', success: 'signed_in' },
];
