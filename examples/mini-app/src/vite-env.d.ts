interface ImportMetaEnv {
  /** Public URL of Countersign. */
  readonly VITE_COUNTERSIGN_URL: string;
  readonly VITE_APPLICATION_ID: string;
  /** The digits before the colon of the bot's token. */
  readonly VITE_BOT_ID: string;
  /** The API gateway with the service `orders` behind it. */
  readonly VITE_ORDERS_URL: string;
}
