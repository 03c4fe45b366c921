interface ImportMetaEnv {
  /** Public URL of Countersign. */
  readonly VITE_COUNTERSIGN_URL: string;
  readonly VITE_APPLICATION_ID: string;
  /** The digits before the colon of the bot's token. */
  readonly VITE_BOT_ID: string;
  /** The leaderboard of the game. */
  readonly VITE_BOARD_ID: string;
  /** The API gateway with the services `orders` and `game` behind it. */
  readonly VITE_GATEWAY_URL: string;
}
