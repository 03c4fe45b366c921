import { createCountersign } from '@countersign/client';

export const GATEWAY_URL = import.meta.env.VITE_GATEWAY_URL;
// This is necessary only if the application has several bots.
export const BOT_ID = import.meta.env.VITE_BOT_ID;
export const BOARD_ID = import.meta.env.VITE_BOARD_ID;

/** One client for the whole page. */
export const countersign = createCountersign({
  api: import.meta.env.VITE_COUNTERSIGN_URL,
  applicationId: import.meta.env.VITE_APPLICATION_ID,
  botId: BOT_ID,
  // Apart from `api`, only this origin gets the access token.
  origins: [GATEWAY_URL],
  deviceName: 'Night Owls Café',
});
