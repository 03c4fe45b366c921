import { createCountersign } from '@countersign/client';

export const ORDERS_URL = import.meta.env.VITE_ORDERS_URL;

/** One client for the whole page. */
export const countersign = createCountersign({
  api: import.meta.env.VITE_COUNTERSIGN_URL,
  applicationId: import.meta.env.VITE_APPLICATION_ID,
  // Needed only where the application has several bots.
  botId: import.meta.env.VITE_BOT_ID,
  // The only other origin that gets the access token.
  origins: [ORDERS_URL],
  deviceName: 'Night Owls Café',
});
