export { readInitData } from './mini-app/init-data.js';
export {
  finishTelegramLogin,
  startTelegramLogin,
  type FinishTelegramLogin,
  type TelegramLogin,
} from './mini-app/telegram-login.js';
export { followTelegramVisibility } from './mini-app/telegram-visibility.js';
